package peers_test

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
)

// A server that is told to stop hands its work back and exits well; the next
// one goes on with it to the whole object.
func TestStopAndGoOn(t *testing.T) {
	data := t.TempDir()
	first := serve(t, data)
	c := newGoClients(t, first.address, "gRPC")
	op := c.start(t, "gs://books/continued.wav", bookText[:len(bookText)/4])
	if code := first.stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if files, _ := filepath.Glob(filepath.Join(data, "buckets", "*", "*")); len(files) > 0 {
		t.Fatalf("it ended before the server stopped; the test shows nothing: %v", files)
	}
	second := serve(t, data)
	again := newGoClients(t, second.address, "gRPC")
	got, err := again.operations.WaitOperation(t.Context(), &longrunningpb.WaitOperationRequest{Name: op.Name()})
	if err != nil || !got.Done || got.GetError() != nil {
		t.Fatalf("%v, %v", got, err)
	}
	file, err := os.ReadFile(filepath.Join(data, "buckets", "books", "continued.wav"))
	if err != nil {
		t.Fatal(err)
	}
	mustBeWAV(t, file)
	if code := second.stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestSecondServerIsRefused(t *testing.T) {
	data := t.TempDir()
	serve(t, data)
	out, err := exec.CommandContext(t.Context(), filepath.Join(programs, "lectern"), "serve", "--listen", "127.0.0.1:0", "--data", data).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "in use by another server") || !strings.Contains(string(out), data) {
		t.Errorf("%v: %s", err, out)
	}
}

// Workers end with their server, however it ends.
func TestNoWorkerIsLeft(t *testing.T) {
	server := serve(t, t.TempDir())
	c := newGoClients(t, server.address, "gRPC")
	c.start(t, "gs://books/x.wav", bookText)
	workers := children(t, server.cmd.Process.Pid)
	if len(workers) == 0 {
		t.Fatal("no worker runs; the test shows nothing")
	}
	if err := server.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	server.cmd.Wait()
	for _, pid := range workers {
		awaitEnd(t, pid)
	}
}

// The first SIGTERM lets a call under way end; the second one does not.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	server := serve(t, t.TempDir())
	c := newGoClients(t, server.address, "gRPC")
	c.start(t, "gs://books/x.wav", bookText)
	workers := children(t, server.cmd.Process.Pid)

	conn, err := net.Dial("tcp", server.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const half = "POST /v1/text:synthesize HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
		"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n"
	if _, err := io.WriteString(conn, half); err != nil {
		t.Fatal(err)
	}
	if status, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(status, "100 Continue") {
		t.Fatalf("the call is not under way: %q, %v", status, err)
	}
	server.signal(t)
	for { // until it has heard the first
		other, err := net.Dial("tcp", server.address)
		if err != nil {
			break
		}
		other.Close()
	}
	// It would exit with 0, once the call was given up.
	if code := server.stop(t); code != 130 {
		t.Errorf("exit code %d", code)
	}
	for _, pid := range workers {
		awaitEnd(t, pid)
	}
}
