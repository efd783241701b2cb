// Google's Storage client for Java against a server, which STORAGE_EMULATOR_HOST names.

import com.google.cloud.NoCredentials;
import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Bucket;
import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

public class ObjectStore {
  static void check(boolean condition, Object said) {
    if (!condition) throw new AssertionError(said);
  }

  static void mustFail(int code, Runnable call) {
    try {
      call.run();
    } catch (StorageException e) {
      check(e.getCode() == code, e);
      return;
    }
    throw new AssertionError("no error " + code);
  }

  static byte[] noise(int size) {
    byte[] b = new byte[size];
    new Random(1).nextBytes(b);
    return b;
  }

  public static void main(String[] args) throws Exception {
    String host = System.getenv("STORAGE_EMULATOR_HOST");
    Storage storage =
        StorageOptions.newBuilder().setHost(host).setProjectId("project")
            .setCredentials(NoCredentials.getInstance()).build().getService();
    check(storage.get("java-books") == null, "it is there");
    Bucket bucket = storage.create(BucketInfo.of("java-books"));
    check(bucket.exists(), bucket);
    mustFail(409, () -> storage.create(BucketInfo.of("java-books")));

    byte[] small = noise(10_000), large = noise(20 << 20);
    for (String name : List.of("a/Été 1+1.wav", "large.mp3", "empty")) {
      byte[] content = name.startsWith("a") ? small : name.startsWith("l") ? large : new byte[0];
      Blob made = storage.create(BlobInfo.newBuilder("java-books", name).setContentType("audio/wav").build(), content);
      check(made.getSize() == content.length && made.getGeneration() > 0 && made.getCrc32c() != null, made);
      check(Arrays.equals(storage.readAllBytes(BlobId.of("java-books", name)), content), name);
      check(storage.get("java-books", name).getGeneration().equals(made.getGeneration()), name);
    }
    try (WriteChannel out = storage.writer(BlobInfo.newBuilder("java-books", "chunks.mp3").build())) {
      out.setChunkSize(1 << 20);
      for (int at = 0; at < large.length; at += 700_000) {
        out.write(ByteBuffer.wrap(large, at, Math.min(700_000, large.length - at)));
      }
    }
    try (var in = Channels.newInputStream(storage.reader("java-books", "chunks.mp3"))) {
      ByteArrayOutputStream got = new ByteArrayOutputStream();
      in.transferTo(got);
      check(Arrays.equals(got.toByteArray(), large), got.size());
    }
    try (var in = storage.reader("java-books", "large.mp3")) {
      in.seek(100);
      in.limit(200);
      ByteArrayOutputStream got = new ByteArrayOutputStream();
      Channels.newInputStream(in).transferTo(got);
      check(Arrays.equals(got.toByteArray(), Arrays.copyOfRange(large, 100, 200)), got.size());
    }
    Path file = Files.createTempFile("storage", "");
    try {
      storage.get("java-books", "large.mp3").downloadTo(file);
      check(Arrays.equals(Files.readAllBytes(file), large), file);
      storage.createFrom(BlobInfo.newBuilder("java-books", "again.mp3").build(), file);
      check(Arrays.equals(storage.readAllBytes("java-books", "again.mp3"), large), "again");
    } finally {
      Files.delete(file);
    }

    List<String> names = new ArrayList<>();
    for (Blob b : storage.list("java-books", Storage.BlobListOption.pageSize(2)).iterateAll()) names.add(b.getName());
    check(names.equals(List.of("a/Été 1+1.wav", "again.mp3", "chunks.mp3", "empty", "large.mp3")), names);
    names.clear();
    for (Blob b : storage.list("java-books", Storage.BlobListOption.currentDirectory()).iterateAll()) names.add(b.getName());
    check(names.contains("a/") && !names.contains("a/Été 1+1.wav"), names);
    mustFail(412, () -> storage.create(BlobInfo.newBuilder("java-books", "empty").build(), small, Storage.BlobTargetOption.doesNotExist()));
    mustFail(404, () -> storage.readAllBytes("java-books", "nosuch"));
    mustFail(409, () -> storage.delete("java-books"));
    for (Blob b : storage.list("java-books").iterateAll()) check(b.delete(), b);
    check(!storage.delete("java-books", "empty"), "removed twice");
    check(storage.delete("java-books"), bucket);
  }
}
