package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// objectGateway is the server of S3's protocol that objects are written to, from
// `scripts/install test`.
const objectGateway = ".tools/versitygw"

// longestToStore is the memory of a node that writes the longest book to an object
// store.
//
// Method: a text whose sound is 18 hours (one hour with -quick) by the espeak
// voice to LINEAR16, on a server whose objects and scratch are in versitygw on this
// machine. Its memory is looked at all the while; the object's file must be as long as
// the header says.
func longestToStore(ctx context.Context, l *lab) ([]row, error) {
	const what, bar = "memory of a node that writes 18 hours of WAV to S3", int64(200e6)
	if _, err := os.Stat(l.binary("lectern-stores")); err != nil {
		return []row{{name: what, measured: "lectern-stores is not built", verdict: skipped}}, nil
	}
	root, err := l.folder("s3")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(root)
	address, end, err := l.objectStore(ctx, root, "audio", "pieces")
	if err != nil {
		return []row{{name: what, measured: firstLine(err.Error()), verdict: skipped}}, nil
	}
	defer end()
	url := func(bucket string) string {
		return fmt.Sprintf("s3://%s?endpoint=http://%s&region=us-east-1", bucket, address)
	}
	s, err := l.freshWith(ctx, "s3", l.none, "--buckets", url("audio"), "--scratch", url("pieces"))
	if err != nil {
		return nil, err
	}
	defer s.discard()
	// Numbers are longer spoken than written.
	text := strings.Repeat("There are 777,777 of them, and 177,777 of these. ", l.count(7_500, 400))
	f, err := longOn(ctx, s, espeak, text, "LINEAR16", func(string) (int64, error) {
		object := ""
		err := filepath.WalkDir(filepath.Join(root, "audio"), func(path string, e os.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				object = path
			}
			return err
		})
		if err != nil || object == "" {
			return 0, fmt.Errorf("the object is not there: %w", err)
		}
		size, _, err := checkWAV(object)
		return size, err
	})
	if err != nil {
		return nil, err
	}
	hours := float64(f.bytes) / 2 / 22_050 / 3600
	return []row{{
		name: what, bar: "<= " + megabytes(bar),
		measured: fmt.Sprintf("%.1f hours, %s in %s: VmHWM %s, largest VmRSS %s", hours, megabytes(f.bytes), millis(f.wall), megabytes(f.peak), megabytes(f.largest)),
		verdict:  judge(max(f.peak, f.largest) <= bar, l.quick || hours >= 18),
	}}, nil
}

// objectStore starts the gateway on a directory with these buckets, and has the
// lab's servers know its credentials.
func (l *lab) objectStore(ctx context.Context, root string, buckets ...string) (address string, end func(), err error) {
	for _, b := range buckets {
		if err := os.Mkdir(filepath.Join(root, b), 0o755); err != nil {
			return "", nil, err
		}
	}
	if address, err = freeAddress(); err != nil {
		return "", nil, err
	}
	const key, secret = "proof", "the proof's secret"
	cmd := exec.Command(objectGateway, "--quiet", "--port", address, "posix", root)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+key, "ROOT_SECRET_KEY="+secret)
	if err := cmd.Start(); err != nil {
		return "", nil, fmt.Errorf("%s cannot be started (scripts/install test gets it): %w", objectGateway, err)
	}
	end = func() {
		cmd.Process.Kill()
		cmd.Wait()
	}
	for deadline := time.Now().Add(startPatience); ; pause(ctx, 10*time.Millisecond) {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			break
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			end()
			return "", nil, errors.New(objectGateway + " does not answer")
		}
	}
	l.environment = []string{"AWS_ACCESS_KEY_ID=" + key, "AWS_SECRET_ACCESS_KEY=" + secret, "AWS_EC2_METADATA_DISABLED=true"}
	return address, end, nil
}
