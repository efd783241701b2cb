// A program for Google's service, which names no endpoint: Unchanged.java TRANSPORT. With
// one, Unchanged.java TRANSPORT HOST:PORT, it brings no credentials.

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.rpc.CancelledException;
import com.google.cloud.texttospeech.v1.*;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

public class Unchanged {
  static void check(boolean condition, Object said) {
    if (!condition) throw new AssertionError(said);
  }

  static SynthesisInput text(String text) {
    return SynthesisInput.newBuilder().setText(text).build();
  }

  public static void main(String[] args) throws Exception {
    boolean grpc = args[0].equals("grpc");
    var voice = VoiceSelectionParams.newBuilder().setLanguageCode("en-US").setName("en-US-Flite-Kal16").build();
    var config = AudioConfig.newBuilder().setAudioEncoding(AudioEncoding.LINEAR16).build();
    var speechSettings = grpc ? TextToSpeechSettings.newBuilder() : TextToSpeechSettings.newHttpJsonBuilder();
    var longSettings = grpc ? TextToSpeechLongAudioSynthesizeSettings.newBuilder() : TextToSpeechLongAudioSynthesizeSettings.newHttpJsonBuilder();
    if (args.length > 1) {
      speechSettings.setEndpoint(args[1]).setCredentialsProvider(NoCredentialsProvider.create());
      longSettings.setEndpoint(args[1]).setCredentialsProvider(NoCredentialsProvider.create());
    }
    try (var speech = TextToSpeechClient.create(speechSettings.build())) {
      check(speech.listVoices("en-US").getVoicesCount() > 0, "no voices");
      check(speech.synthesizeSpeech(text("Hello, world."), voice, config).getAudioContent().startsWith(com.google.protobuf.ByteString.copyFromUtf8("RIFF")), "no sound");
      if (grpc) {
        var stream = speech.streamingSynthesizeCallable().call();
        stream.send(StreamingSynthesizeRequest.newBuilder().setStreamingConfig(StreamingSynthesizeConfig.newBuilder().setVoice(voice)).build());
        for (String said : List.of("Hello there. ", "How are you ", "today?")) {
          stream.send(StreamingSynthesizeRequest.newBuilder().setInput(StreamingSynthesisInput.newBuilder().setText(said)).build());
        }
        stream.closeSend();
        int heard = 0;
        for (StreamingSynthesizeResponse reply : stream) heard += reply.getAudioContent().size();
        check(heard > 10000, heard + " bytes were heard");
      }
    }
    try (var client = TextToSpeechLongAudioSynthesizeClient.create(longSettings.build())) {
      var request = SynthesizeLongAudioRequest.newBuilder().setParent("projects/p1/locations/global").setVoice(voice).setAudioConfig(config);
      client.synthesizeLongAudioAsync(request.setInput(text("A short story. The end."))
          .setOutputGcsUri("gs://unchanged/java-" + args[0] + "-whole.wav").build()).get(60, TimeUnit.SECONDS);
      var running = client.synthesizeLongAudioAsync(request.setInput(text("It was the best of times, it was the worst of times. ".repeat(6000)))
          .setOutputGcsUri("gs://unchanged/java-" + args[0] + "-cancelled.wav").build());
      if (grpc) {
        client.getOperationsClient().cancelOperation(running.getName());
      } else {
        client.getHttpJsonOperationsClient().cancelOperation(running.getName());
      }
      try {
        running.get(60, TimeUnit.SECONDS);
        check(false, "a cancelled operation has a result");
      } catch (ExecutionException e) {
        check(e.getCause() instanceof CancelledException, e);
      }
    }
    System.out.println("spoken " + args[0]);
  }
}
