package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// machine says in a line when and with what was measured, and on what, without saying
// where that is.
func machine(ctx context.Context, l *lab) string {
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	version, _ := exec.CommandContext(ctx, l.binary("lectern"), "version").Output()
	counts := ""
	if l.quick {
		counts = " with smaller counts (-quick)"
	}
	disk := ""
	const size = 512 << 20
	if took, err := writeAndSync(l.dir, size); err == nil {
		disk = fmt.Sprintf(", %.0f MB/s written and synced", size/1e6/took.Seconds())
	}
	return fmt.Sprintf("Measured%s on %s with %s; %d cores (%s), %s, kernel %s%s", counts,
		time.Now().UTC().Format(time.DateOnly), orUnknown(strings.TrimSpace(string(version))),
		runtime.NumCPU(), orUnknown(lineOf("/proc/cpuinfo", "model name")), orUnknown(lineOf("/proc/meminfo", "MemTotal")),
		orUnknown(strings.TrimSpace(string(kernel))), disk)
}

// lineOf is the value of the first "key : value" line of a file.
func lineOf(file, key string) string {
	raw, _ := os.ReadFile(file)
	for line := range strings.Lines(string(raw)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == key {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

// writeAndSync takes the time in which the disk below dir takes bytes bytes, in
// blocks of 1 MiB, and makes them durable: the least that any program needs.
func writeAndSync(dir string, bytes int64) (took time.Duration, err error) {
	name := filepath.Join(dir, "written")
	defer os.Remove(name)
	block := make([]byte, 1<<20)
	for i := range block {
		block[i] = byte(i * 7)
	}
	begun := time.Now()
	file, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	for left := bytes; left > 0 && err == nil; left -= int64(len(block)) {
		_, err = file.Write(block[:min(left, int64(len(block)))])
	}
	err = errors.Join(err, file.Sync(), file.Close())
	return time.Since(begun), err
}

// overwriteAndSync takes the time of the smallest durable write: 4 kB in place.
func overwriteAndSync(name string) (took time.Duration, err error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	_, err = file.WriteAt(make([]byte, 4<<10), 0)
	err = errors.Join(err, file.Sync())
	took = time.Since(begun)
	return took, errors.Join(err, file.Close())
}
