package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fakeLab is a lab whose `lectern` is a shell script.
func fakeLab(t *testing.T, script string) *lab {
	t.Helper()
	bin := t.TempDir()
	for _, name := range binaries {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	l, err := newLab(bin, true, 1, testWriter{t})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	return l
}

func TestServerThatEndsAtOnceIsToldWithItsLastWords(t *testing.T) {
	l := fakeLab(t, `echo "the disk is on fire" >&2; exit 3`)
	data, err := l.folder("data")
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.serve(t.Context(), data, "")
	if err == nil || !strings.Contains(err.Error(), "the disk is on fire") {
		t.Errorf("the error is %v", err)
	}
}

func TestLabLeavesNothingBehind(t *testing.T) {
	l := fakeLab(t, "exit 0")
	l.close()
	if _, err := os.Stat(l.dir); !os.IsNotExist(err) {
		t.Errorf("the lab's directory is still there: %v", err)
	}
}

func TestLabNeedsItsBinaries(t *testing.T) {
	if _, err := newLab(t.TempDir(), true, 1, testWriter{t}); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("the error is %v", err)
	}
}

func TestMeasurementThatCannotBeMadeIsARow(t *testing.T) {
	l := fakeLab(t, "exit 1")
	var names []string
	got, err := measure(t.Context(), l, regexp.MustCompile("^create$"), func(name string, _ float64, _ table) error {
		names = append(names, name)
		return nil
	})
	if err != nil || !slices.Equal(names, []string{"create"}) || len(got) != 1 || got[0].verdict != failed || got.exitCode() != exitFailed {
		t.Errorf("the table is %+v, of %q, %v", got, names, err)
	}
}
