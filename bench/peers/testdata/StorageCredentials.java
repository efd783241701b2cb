// Google's Storage client for Java with a service account: StorageCredentials.java ADDRESS FILE.

import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import java.io.FileInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

public class StorageCredentials {
  public static void main(String[] args) throws Exception {
    byte[] sound = "sound".getBytes(StandardCharsets.UTF_8);
    Storage storage;
    try (var file = new FileInputStream(args[1])) {
      storage = StorageOptions.newBuilder().setHost("http://" + args[0]).setProjectId("p1")
          .setCredentials(ServiceAccountCredentials.fromStream(file)).build().getService();
    }
    storage.create(BucketInfo.of("java-guarded"));
    storage.create(BlobInfo.newBuilder("java-guarded", "a.wav").build(), sound);
    if (!Arrays.equals(storage.readAllBytes("java-guarded", "a.wav"), sound)) throw new AssertionError("other bytes");
    if (!storage.list("java-guarded").iterateAll().iterator().hasNext()) throw new AssertionError("nothing is listed");
    if (!storage.delete("java-guarded", "a.wav") || !storage.delete("java-guarded")) throw new AssertionError("it stays");
  }
}
