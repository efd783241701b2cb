package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// pauses is how long it takes to write days of silence, which a short document asks for.
//
// Method: one document of 5,900 pauses of a minute and a letter (590 with -quick), as a
// long operation at 48,000 Hz in each encoding, one after the other on one server; from
// the call to the answer of WaitOperation that says done. The object must last as long
// as the document says, by its size or by ffprobe. The reference writes and syncs as
// many bytes as the object has on the disk, just afterwards: in a codec of a constant
// rate silence is as large as speech. Beside it stands the CPU time of the server.
func pauses(ctx context.Context, l *lab) ([]row, error) {
	s, err := l.fresh(ctx, "pauses")
	if err != nil {
		return nil, err
	}
	defer s.discard()
	v, err := s.voice(ctx, espeak)
	if err != nil {
		return nil, err
	}
	count := l.count(5900, 590)
	document := strings.Repeat(`<break time="60s"/>`, count) + "a"
	const bar = 10 * time.Second
	var rows []row
	for _, encoding := range []string{"LINEAR16", "MP3", "MP3_64_KBPS", "OGG_OPUS", "M4A"} {
		uri := "gs://pauses/" + encoding
		before, begun := s.used(), time.Now()
		name, err := s.startDocument(ctx, encoding, 48000, v, document, uri)
		if err == nil {
			err = s.succeeded(ctx, name)
		}
		took, used := time.Since(begun), s.used()-before
		if err != nil {
			return rows, fmt.Errorf("%s: %w: %s", encoding, err, s.lastWords())
		}
		bytes, err := lasts(ctx, s.object(uri), time.Duration(count)*time.Minute)
		if err != nil {
			return rows, fmt.Errorf("%s: %w", encoding, err)
		}
		if err := os.Remove(s.object(uri)); err != nil {
			return rows, err
		}
		written, err := writeAndSync(l.dir, bytes)
		if err != nil {
			return rows, err
		}
		rows = append(rows, row{
			name:      fmt.Sprintf("%.0f h of pauses, %d kB, as %s", (time.Duration(count) * time.Minute).Hours(), len(document)/1000, encoding),
			bar:       "<= " + bar.String(),
			measured:  fmt.Sprintf("%.2f s, %.2f s of the server's CPU time; %s on the disk", took.Seconds(), used.Seconds(), megabytes(bytes)),
			reference: fmt.Sprintf("writing and syncing as many bytes: %.2f s", written.Seconds()),
			ratio:     ratio(took.Seconds(), written.Seconds()),
			verdict:   judge(took <= bar),
		})
	}
	return rows, s.stop()
}

// lasts checks how long a file of sound at 48,000 Hz lasts, which is at least what its
// pauses are and at most two seconds more, and returns how much of the disk it takes.
func lasts(ctx context.Context, file string, pauses time.Duration) (bytes int64, err error) {
	size, length, err := probe(ctx, file, false)
	if strings.HasSuffix(file, "LINEAR16") { // of more than 4 GB, which not every ffprobe knows
		length, err = float64(size)/2/48000, nil
	}
	if err != nil {
		return 0, err
	}
	if more := length - pauses.Seconds(); math.IsNaN(more) || more < 0 || more > 2 {
		return 0, fmt.Errorf("the object lasts %.3f s, and its pauses %.0f s", length, pauses.Seconds())
	}
	var st unix.Stat_t
	if err := unix.Stat(file, &st); err != nil {
		return 0, err
	}
	return st.Blocks * 512, nil
}
