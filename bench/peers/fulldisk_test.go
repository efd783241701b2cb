package peers_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc/codes"
)

// smallDisk is a file system of its own with so many bytes.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a small disk needs the right to mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestFullDisk(t *testing.T) {
	data := smallDisk(t, "12m")
	server := serve(t, data)
	c := newGoClients(t, server.address, "gRPC")

	op := c.start(t, "gs://books/large.wav", bookText)
	got, err := c.operations.WaitOperation(t.Context(), &longrunningpb.WaitOperationRequest{Name: op.Name()})
	if err != nil || got.GetError().GetCode() != int32(codes.ResourceExhausted) || !strings.Contains(got.GetError().GetMessage(), "disk is full") {
		t.Errorf("an operation larger than the disk: %v, %v", got, err)
	}
	if files, _ := filepath.Glob(filepath.Join(data, "buckets", "*", "*")); len(files) > 0 {
		t.Errorf("objects of a failed operation: %v", files)
	}

	// Not a byte is left: nothing can be accepted, and the server says so. It
	// may still be removing what the failed operation had written; then there
	// is room again.
	for range 100 {
		fill(t, filepath.Join(data, "fill"))
		_, err = c.long.SynthesizeLongAudio(t.Context(), &texttospeechpb.SynthesizeLongAudioRequest{
			Parent:       "projects/p1/locations/global",
			Input:        &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Text{Text: bookText}},
			Voice:        &texttospeechpb.VoiceSelectionParams{LanguageCode: "de-DE"},
			AudioConfig:  &texttospeechpb.AudioConfig{AudioEncoding: texttospeechpb.AudioEncoding_LINEAR16},
			OutputGcsUri: "gs://books/never.wav",
		})
		if err != nil {
			break
		}
	}
	if !is(err, codes.Unavailable) {
		t.Errorf("starting on a full disk: %v", err)
	}
	c.speak(t) // needs no disk
	if _, err := c.long.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: op.Name()}); err != nil {
		t.Errorf("reading on a full disk: %v", err)
	}

	// With room again, everything works again.
	if err := os.Remove(filepath.Join(data, "fill")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.start(t, "gs://books/small.wav", "Guten Tag.").Wait(t.Context()); err != nil {
		t.Error(err)
	}
}

// fill writes until the disk is full.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return // there is no room for a name
	}
	defer f.Close()
	for block := make([]byte, 4096); ; {
		if _, err := f.Write(block); err != nil {
			return
		}
	}
}
