// Google's own Java client against a server: Client.java ADDRESS TRANSPORT DATA.

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.longrunning.OperationFuture;
import com.google.api.gax.rpc.CancelledException;
import com.google.api.gax.rpc.InvalidArgumentException;
import com.google.cloud.texttospeech.v1.*;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannelBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

public class Client {
  static final VoiceSelectionParams VOICE =
      VoiceSelectionParams.newBuilder().setLanguageCode("en-US").setName("en-US-Flite-Kal16").build();
  static final AudioConfig CONFIG = AudioConfig.newBuilder().setAudioEncoding(AudioEncoding.LINEAR16).build();

  static void check(boolean condition, Object said) {
    if (!condition) throw new AssertionError(said);
  }

  static boolean isWhole(byte[] sound) {
    int size = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getInt(40);
    return sound[0] == 'R' && size + 44 == sound.length;
  }

  static SynthesisInput text(String text) {
    return SynthesisInput.newBuilder().setText(text).build();
  }

  static InstantiatingGrpcChannelProvider channel(String address) {
    return InstantiatingGrpcChannelProvider.newBuilder().setEndpoint(address)
        .setChannelConfigurator(ManagedChannelBuilder::usePlaintext).build();
  }

  static StreamingSynthesizeRequest said(String text) {
    return StreamingSynthesizeRequest.newBuilder().setInput(StreamingSynthesisInput.newBuilder().setText(text)).build();
  }

  /** Google's streaming sample: a configuration, then fragments cut inside of sentences; heard is the whole text. */
  static void streams(TextToSpeechClient speech) throws Exception {
    var voice = VoiceSelectionParams.newBuilder().setLanguageCode("en-US").setName("en-US-Chirp3-HD-Charon").build();
    var fragments = List.of("Hello there. ", "How are you ", "today? It's ", "such nice weather outside.");
    var stream = speech.streamingSynthesizeCallable().call();
    stream.send(StreamingSynthesizeRequest.newBuilder()
        .setStreamingConfig(StreamingSynthesizeConfig.newBuilder().setVoice(voice)).build());
    for (String fragment : fragments) stream.send(said(fragment));
    stream.closeSend();
    ByteString heard = ByteString.EMPTY;
    for (StreamingSynthesizeResponse reply : stream) heard = heard.concat(reply.getAudioContent());
    var whole = speech.synthesizeSpeech(text(String.join("", fragments)), voice,
        AudioConfig.newBuilder().setAudioEncoding(AudioEncoding.PCM).setSampleRateHertz(24000).build());
    check(heard.equals(whole.getAudioContent()), heard.size() + " bytes streamed, " + whole.getAudioContent().size() + " at once");

    var early = speech.streamingSynthesizeCallable().call();
    early.send(said("Too early."));
    early.closeSend();
    try {
      early.iterator().next();
      check(false, "input before the configuration was taken");
    } catch (InvalidArgumentException e) {
      check(e.getMessage().contains("streaming_config"), e);
    }
  }

  public static void main(String[] args) throws Exception {
    String address = args[0];
    boolean grpc = args[1].equals("grpc");
    Path bucket = Path.of(args[2], "buckets", "java-" + args[1]);
    var none = NoCredentialsProvider.create();
    var speechSettings = grpc
        ? TextToSpeechSettings.newBuilder().setTransportChannelProvider(channel(address))
        : TextToSpeechSettings.newHttpJsonBuilder().setEndpoint("http://" + address);
    var longSettings = grpc
        ? TextToSpeechLongAudioSynthesizeSettings.newBuilder().setTransportChannelProvider(channel(address))
        : TextToSpeechLongAudioSynthesizeSettings.newHttpJsonBuilder().setEndpoint("http://" + address);

    try (var speech = TextToSpeechClient.create(speechSettings.setCredentialsProvider(none).build())) {
      var voices = speech.listVoices("en-US").getVoicesList();
      check(voices.stream().anyMatch(v -> v.getName().equals("en-US-Flite-Slt")), voices);
      check(isWhole(speech.synthesizeSpeech(text("Hello, world."), VOICE, CONFIG).getAudioContent().toByteArray()), "not whole");
      try {
        speech.synthesizeSpeech(text("Hello"), VOICE, CONFIG.toBuilder().setSpeakingRate(9).build());
        check(false, "a speaking rate of 9 was taken");
      } catch (InvalidArgumentException e) {
        check(!grpc || e.getMessage().contains("audio_config.speaking_rate"), e);
      }
      if (grpc) streams(speech);
    }
    try (var client = TextToSpeechLongAudioSynthesizeClient.create(longSettings.setCredentialsProvider(none).build())) {
      var request = SynthesizeLongAudioRequest.newBuilder()
          .setParent("projects/p4/locations/us-central1").setVoice(VOICE).setAudioConfig(CONFIG);
      OperationFuture<SynthesizeLongAudioResponse, SynthesizeLongAudioMetadata> whole = client.synthesizeLongAudioAsync(
          request.setInput(text("A short story. The end.")).setOutputGcsUri("gs://java-" + args[1] + "/whole.wav").build());
      whole.get(60, TimeUnit.SECONDS);
      check(whole.getMetadata().get().getProgressPercentage() == 100, whole.getMetadata().get());
      check(isWhole(Files.readAllBytes(bucket.resolve("whole.wav"))), "not whole");

      String novel = "It was the best of times, it was the worst of times. ".repeat(6000);
      OperationFuture<SynthesizeLongAudioResponse, SynthesizeLongAudioMetadata> running = client.synthesizeLongAudioAsync(
          request.setInput(text(novel)).setOutputGcsUri("gs://java-" + args[1] + "/cancelled.wav").build());
      if (grpc) {
        client.getOperationsClient().cancelOperation(running.getName());
      } else {
        client.getHttpJsonOperationsClient().cancelOperation(running.getName());
      }
      try {
        running.get(60, TimeUnit.SECONDS);
        check(false, "a cancelled operation has a result");
      } catch (ExecutionException e) {
        check(e.getCause() instanceof CancelledException && e.getMessage().contains("Operation was cancelled."), e);
      }
      check(!Files.exists(bucket.resolve("cancelled.wav")), "a cancelled operation left an object");
    }
  }
}
