// Google's Java client, each method by each door: Driver.java DOORS, a JSON file. What is
// printed is read by compatibility_test.go, which compiles this once more with v1 as v1beta1.

import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.rpc.BidiStream;
import com.google.api.gax.rpc.NotFoundException;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.texttospeech.v1.*;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.Operation;
import com.google.longrunning.WaitOperationRequest;
import io.grpc.ManagedChannelBuilder;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

public class Driver {
  static final String VERSION = "v1";
  static final String LONG = "It was the best of times, it was the worst of times. ".repeat(6000);
  static final VoiceSelectionParams VOICE =
      VoiceSelectionParams.newBuilder().setLanguageCode("en-US").setName("en-US-Flite-Kal16").build();
  static final AudioConfig CONFIG = AudioConfig.newBuilder().setAudioEncoding(AudioEncoding.LINEAR16).build();

  /** The client has no such method. */
  static class Absent extends Exception {}

  static void check(boolean condition) {
    if (!condition) throw new AssertionError();
  }

  /** What goes in as the text of a request. */
  static SynthesisInput text(String text) {
    return SynthesisInput.newBuilder().setText(text).build();
  }

  final boolean rest;
  final String parent;
  final String object;
  final TextToSpeechClient speech;
  final TextToSpeechLongAudioSynthesizeClient longAudio;
  String whole;

  /** Clients as their documentation has them be made for this door. */
  Driver(JsonObject work, String transport, JsonObject door) throws Exception {
    rest = transport.equals("rest");
    parent = "projects/" + work.get("project").getAsString() + "/locations/global";
    String name = door.get("name").getAsString();
    object = work.get("objects").getAsString() + "/" + transport + "-" + VERSION + "-" + name.replace(' ', '-');
    boolean tls = door.get("tls").getAsBoolean();
    String endpoint = (rest ? (tls ? "https://" : "http://") : "") + door.get("address").getAsString();
    var settings = rest ? TextToSpeechSettings.newHttpJsonBuilder() : TextToSpeechSettings.newBuilder();
    var longSettings = rest ? TextToSpeechLongAudioSynthesizeSettings.newHttpJsonBuilder() : TextToSpeechLongAudioSynthesizeSettings.newBuilder();
    settings.setEndpoint(endpoint);
    longSettings.setEndpoint(endpoint);
    if (!rest && !tls) {
      var plain = InstantiatingGrpcChannelProvider.newBuilder().setEndpoint(endpoint).setChannelConfigurator(ManagedChannelBuilder::usePlaintext).build();
      settings.setTransportChannelProvider(plain);
      longSettings.setTransportChannelProvider(plain);
    }
    String credential = door.get("credential").getAsString();
    if (credential.equals("API key")) {
      settings.setApiKey(door.get("key").getAsString());
      longSettings.setApiKey(door.get("key").getAsString());
    } else {
      CredentialsProvider who = NoCredentialsProvider.create();
      if (credential.equals("service account")) {
        who = FixedCredentialsProvider.create(ServiceAccountCredentials.fromStream(new FileInputStream(door.get("file").getAsString())));
      }
      settings.setCredentialsProvider(who);
      longSettings.setCredentialsProvider(who);
    }
    speech = TextToSpeechClient.create(settings.build());
    longAudio = TextToSpeechLongAudioSynthesizeClient.create(longSettings.build());
  }

  SynthesizeLongAudioRequest request(String text, String name) {
    return SynthesizeLongAudioRequest.newBuilder().setParent(parent).setVoice(VOICE).setAudioConfig(CONFIG)
        .setInput(text(text)).setOutputGcsUri(object + "-" + name + ".wav").build();
  }

  void listVoices() {
    check(speech.listVoices("en-US").getVoicesList().stream().anyMatch(v -> v.getName().equals(VOICE.getName())));
  }

  void synthesizeSpeech() {
    check(speech.synthesizeSpeech(text("Hello."), VOICE, CONFIG).getAudioContent().substring(0, 4).toStringUtf8().equals("RIFF"));
  }

  void streamingSynthesize() throws Exception {
    BidiStream<StreamingSynthesizeRequest, StreamingSynthesizeResponse> stream;
    try {
      stream = speech.streamingSynthesizeCallable().call();
    } catch (UnsupportedOperationException e) {
      throw new Absent();
    }
    stream.send(StreamingSynthesizeRequest.newBuilder().setStreamingConfig(StreamingSynthesizeConfig.newBuilder().setVoice(VOICE)).build());
    stream.send(StreamingSynthesizeRequest.newBuilder().setInput(StreamingSynthesisInput.newBuilder().setText("Hello there.")).build());
    stream.closeSend();
    int bytes = 0;
    for (var reply : stream) bytes += reply.getAudioContent().size();
    check(bytes > 10000);
  }

  void synthesizeLongAudio() throws Exception {
    var running = longAudio.synthesizeLongAudioAsync(request("A short story. The end.", "whole"));
    whole = running.getName();
    running.get(2, TimeUnit.MINUTES);
    check(running.getMetadata().get().getProgressPercentage() == 100);
  }

  Operation get(String name) {
    return rest ? longAudio.getHttpJsonOperationsClient().getOperation(name) : longAudio.getOperationsClient().getOperation(name);
  }

  void getOperation() {
    check(get(whole).getDone());
  }

  void waitOperation() throws Exception {
    if (rest) {
      var has = Stream.of(longAudio.getHttpJsonOperationsClient().getClass().getMethods());
      if (has.noneMatch(m -> m.getName().equals("waitOperation"))) throw new Absent();
      throw new AssertionError("this client has it: try it");
    }
    check(longAudio.getOperationsClient().waitOperation(WaitOperationRequest.newBuilder().setName(whole).build()).getDone());
  }

  void listOperations() {
    var asked = ListOperationsRequest.newBuilder().setName(parent).setFilter("done=true").build();
    Iterable<Operation> all = rest
        ? longAudio.getHttpJsonOperationsClient().listOperations(asked).iterateAll()
        : longAudio.getOperationsClient().listOperations(asked).iterateAll();
    check(StreamSupport.stream(all.spliterator(), false).anyMatch(o -> o.getName().equals(whole)));
  }

  void cancelOperation() throws Exception {
    String running = longAudio.synthesizeLongAudioAsync(request(LONG, "cancelled")).getName();
    if (rest) longAudio.getHttpJsonOperationsClient().cancelOperation(running);
    else longAudio.getOperationsClient().cancelOperation(running);
    check(get(running).getError().getCode() == 1);
  }

  void deleteOperation() {
    if (rest) longAudio.getHttpJsonOperationsClient().deleteOperation(whole);
    else longAudio.getOperationsClient().deleteOperation(whole);
    try {
      get(whole);
    } catch (NotFoundException e) {
      return;
    }
    throw new AssertionError("it is still there");
  }

  interface Method {
    void call() throws Exception;
  }

  static String outcome(Method method) {
    try {
      method.call();
      return "yes";
    } catch (Absent e) {
      return "absent";
    } catch (Throwable e) { // whatever it is, it is what the page must tell
      return "no: " + e.toString().replaceAll("\\s+", " ");
    }
  }

  /** The lines of all methods by one door. */
  static String lines(JsonObject work, String transport, JsonObject door) throws Exception {
    var d = new Driver(work, transport, door);
    String name = door.get("name").getAsString();
    var said = new StringBuilder();
    String[] names = {"ListVoices", "SynthesizeSpeech", "StreamingSynthesize", "SynthesizeLongAudio", "GetOperation",
      "WaitOperation", "ListOperations", "CancelOperation", "DeleteOperation"};
    Method[] methods = {d::listVoices, d::synthesizeSpeech, d::streamingSynthesize, d::synthesizeLongAudio, d::getOperation,
      d::waitOperation, d::listOperations, d::cancelOperation, d::deleteOperation};
    for (int i = 0; i < names.length; i++) {
      said.append(String.join("\t", transport, VERSION, name, names[i], outcome(methods[i]))).append('\n');
    }
    d.speech.close();
    d.longAudio.close();
    return said.toString();
  }

  /** The client's version, which its archive has in its name. */
  static String version() {
    String archive = TextToSpeechClient.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return archive.replaceAll(".*/google-cloud-texttospeech-(.*)\\.jar", "$1");
  }

  public static void main(String[] args) throws Exception {
    var work = JsonParser.parseString(Files.readString(Path.of(args[0]))).getAsJsonObject();
    System.out.println("client\t" + version());
    // All doors at once: the client waits seconds before it first asks how an operation goes.
    var tried = new ArrayList<Callable<String>>();
    for (var door : work.getAsJsonArray("doors")) {
      for (String transport : List.of("grpc", "rest")) tried.add(() -> lines(work, transport, door.getAsJsonObject()));
    }
    var pool = Executors.newFixedThreadPool(tried.size());
    for (var lines : pool.invokeAll(tried)) System.out.print(lines.get());
    pool.shutdown();
  }
}
