import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.texttospeech.v1.*;
import java.io.FileInputStream;
import java.util.concurrent.ExecutionException;

/** Google's own Java client with credentials: Credentials ADDRESS TRANSPORT KIND FILE APIKEY. */
public class Credentials {
  static final VoiceSelectionParams VOICE = VoiceSelectionParams.newBuilder().setLanguageCode("en-US").build();
  static final AudioConfig LINEAR16 = AudioConfig.newBuilder().setAudioEncoding(AudioEncoding.LINEAR16).build();

  public static void main(String[] args) throws Exception {
    boolean rest = args[1].equals("rest");
    String endpoint = rest ? "https://" + args[0] : args[0];
    TextToSpeechSettings.Builder settings = rest ? TextToSpeechSettings.newHttpJsonBuilder() : TextToSpeechSettings.newBuilder();
    TextToSpeechLongAudioSynthesizeSettings.Builder longSettings =
        rest ? TextToSpeechLongAudioSynthesizeSettings.newHttpJsonBuilder() : TextToSpeechLongAudioSynthesizeSettings.newBuilder();
    settings.setEndpoint(endpoint);
    longSettings.setEndpoint(endpoint);
    if (args[2].equals("apikey")) {
      settings.setApiKey(args[4]);
      longSettings.setApiKey(args[4]);
    } else {
      ServiceAccountCredentials account = ServiceAccountCredentials.fromStream(new FileInputStream(args[3]));
      if (args[2].equals("scoped")) { // it has them exchanged
        account = (ServiceAccountCredentials) account.createScoped("https://www.googleapis.com/auth/cloud-platform");
      }
      settings.setCredentialsProvider(FixedCredentialsProvider.create(account));
      longSettings.setCredentialsProvider(FixedCredentialsProvider.create(account));
    }
    try (TextToSpeechClient speech = TextToSpeechClient.create(settings.build());
        TextToSpeechLongAudioSynthesizeClient longAudio = TextToSpeechLongAudioSynthesizeClient.create(longSettings.build())) {
      check(speech.listVoices("en-US").getVoicesCount() > 1);
      SynthesizeSpeechResponse said =
          speech.synthesizeSpeech(SynthesisInput.newBuilder().setText("Hello, world.").build(), VOICE, LINEAR16);
      check(said.getAudioContent().substring(0, 4).toStringUtf8().equals("RIFF"));
      String name = longAudio.synthesizeLongAudioAsync(request("p1", args)).getName();
      if (rest) {
        longAudio.getHttpJsonOperationsClient().cancelOperation(name);
        check(longAudio.getHttpJsonOperationsClient().getOperation(name).getError().getCode() == 1);
      } else {
        longAudio.getOperationsClient().cancelOperation(name);
        check(longAudio.getOperationsClient().getOperation(name).getError().getCode() == 1);
      }
      try {
        longAudio.synthesizeLongAudioAsync(request("p2", args)).get();
        throw new AssertionError("it started an operation of another project");
      } catch (ExecutionException refused) {
        check(refused.getCause() instanceof PermissionDeniedException);
      }
    }
  }

  static SynthesizeLongAudioRequest request(String project, String[] args) {
    return SynthesizeLongAudioRequest.newBuilder()
        .setParent("projects/" + project + "/locations/global").setVoice(VOICE).setAudioConfig(LINEAR16)
        .setInput(SynthesisInput.newBuilder().setText("It was the best of times. ".repeat(12000)))
        .setOutputGcsUri("gs://books/java-" + args[1] + "-" + args[2] + ".wav").build();
  }

  static void check(boolean condition) {
    if (!condition) {
      throw new AssertionError();
    }
  }
}
