package install_test

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/internal/voicestore/install"
)

// script is a program of one name, alone on PATH.
func script(t *testing.T, name, text string) {
	t.Helper()
	bin := t.TempDir()
	must(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+text), 0o755))
	t.Setenv("PATH", bin+":/usr/bin:/bin")
}

func TestPipSaysWhy(t *testing.T) {
	for name, test := range map[string]struct {
		script string
		code   fault.Code
		says   string
	}{
		"no pip":   {`echo "/usr/bin/python3: No module named pip" >&2; exit 1`, fault.Unavailable, "apt-get install python3-pip"},
		"not had":  {`echo "ERROR: No matching distribution found for tinyort==1.0" >&2; exit 1`, fault.Unavailable, "No matching distribution"},
		"no room":  {`echo "ERROR: Could not install: [Errno 28] No space left on device" >&2; exit 2`, fault.ResourceExhausted, "no room"},
		"tampered": {`echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE." >&2; exit 1`, fault.DataLoss, "refused"},
		"nothing":  {`exit 0`, fault.Unavailable, "gave no"},
	} {
		t.Run(name, func(t *testing.T) {
			script(t, "python3", test.script)
			s := open(t, options(nil, newPackages(t)))
			err := s.Install(t.Context(), "onnxruntime", install.InstallOptions{})
			if !fault.Is(err, test.code) || !strings.Contains(fault.From(err).Public(), test.says) {
				t.Errorf("the error is %v", err)
			}
			if left, _ := filepath.Glob(filepath.Join(s.Dir(), ".partial", ".runs", "*")); len(left) > 0 {
				t.Errorf("%v was left", left)
			}
		})
	}
}

// TestPipIsKilled with all that it has started.
func TestPipIsKilled(t *testing.T) {
	dir := t.TempDir()
	script(t, "python3", `echo half > "$TMPDIR/wheel"
sleep 1000 & echo $! > `+dir+`/pid; mv `+dir+`/pid `+dir+`/ready; wait`)
	s := open(t, options(nil, newPackages(t)))
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Install(ctx, "onnxruntime", install.InstallOptions{Progress: func(install.Progress) {
		if _, err := os.Stat(filepath.Join(dir, "ready")); err == nil {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("the error is %v", err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "ready"))
	must(t, err)
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	must(t, err)
	if fd, err := unix.PidfdOpen(pid, 0); err == nil {
		defer unix.Close(fd)
		if n, _ := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int((10 * time.Second).Milliseconds())); n != 1 {
			t.Error("what pip had started outlived it")
		}
	}
	if left, _ := filepath.Glob(filepath.Join(s.Dir(), ".partial", ".runs", "*")); len(left) > 0 {
		t.Errorf("%v was left", left)
	}
}

// TestRealPip has the machine's own pip take wheels out of a folder.
func TestRealPip(t *testing.T) {
	python := needs.Program(t, "python3")
	if out, err := exec.Command(python, "-m", "pip", "--version").CombinedOutput(); err != nil {
		needs.Missing(t, "pip is not installed: %s", out)
	}
	p := newPackages(t)
	folder := p.lay(t)
	t.Setenv("PIP_NO_INDEX", "1")
	t.Setenv("PIP_FIND_LINKS", folder)
	s := open(t, options(nil, p))
	must(t, s.Install(t.Context(), "heart", install.InstallOptions{}))
	if got := installed(t, s); got != "english heart onnxruntime" {
		t.Errorf("%s are installed", got)
	}
	wheel := filepath.Join(folder, "tinyhibari-2.0-py3-none-any.whl")
	tampered := append(bytes.Clone(p.files[filepath.Base(wheel)]), 0)
	must(t, os.WriteFile(wheel, tampered, 0o644))
	err := s.Install(t.Context(), "english", install.InstallOptions{Again: true})
	if !fault.Is(err, fault.DataLoss) {
		t.Errorf("a tampered wheel: %v", err)
	}
	if got := installed(t, s); got != "english heart onnxruntime" {
		t.Errorf("%s are installed", got)
	}
}

// TestRealNpm has the machine's own npm get a tarball from a registry on
// loopback.
func TestRealNpm(t *testing.T) {
	needs.Program(t, "npm")
	p := newPackages(t)
	tarball := p.files["tinystyle-1.2.1.tgz"]
	mux := http.NewServeMux()
	registry := httptest.NewServer(mux)
	defer registry.Close()
	digest := sha512.Sum512(tarball)
	mux.HandleFunc("/tinystyle", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{"name": "tinystyle", "dist-tags": map[string]string{"latest": "1.2.1"}, "versions": map[string]any{
			"1.2.1": map[string]any{"name": "tinystyle", "version": "1.2.1", "dist": map[string]string{
				"tarball": registry.URL + "/tinystyle.tgz", "integrity": "sha512-" + base64.StdEncoding.EncodeToString(digest[:]),
			}},
		}})
	})
	mux.HandleFunc("/tinystyle.tgz", func(w http.ResponseWriter, _ *http.Request) { w.Write(tarball) })
	t.Setenv("npm_config_registry", registry.URL)
	s := open(t, options(nil, p))
	must(t, s.Install(t.Context(), "onnxruntime", install.InstallOptions{Source: p.lay(t)}))
	must(t, s.Install(t.Context(), "af_x", install.InstallOptions{Source: "registry"}))
	if got := installed(t, s); got != "af_x onnxruntime" {
		t.Errorf("%s are installed", got)
	}
}

// TestNoRoom needs a small file system of its own.
func TestNoRoom(t *testing.T) {
	if os.Geteuid() != 0 {
		needs.Missing(t, "a small file system can be mounted by root only")
	}
	p, h := newPackages(t), newHub(t)
	programs(t, p.lay(t))
	h.voice("en_US-large-medium", cc0, 3<<20, 1)
	h.voice("en_US-grows-medium", cc0, 1<<20, 2)
	mount := func(t *testing.T) string {
		dir := t.TempDir()
		if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
			needs.Missing(t, "a tmpfs cannot be mounted: %v", err)
		}
		t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
		return dir
	}
	fails := func(t *testing.T, o install.Options, dir, name string) {
		t.Helper()
		s, err := install.Open(dir, o)
		must(t, err)
		err = s.Install(t.Context(), name, install.InstallOptions{})
		if !fault.Is(err, fault.ResourceExhausted) || !strings.Contains(fault.From(err).Public(), "no room") {
			t.Errorf("the error is %v", err)
		}
		if got := installed(t, s); strings.Contains(got, name) {
			t.Errorf("%s are installed", got)
		}
	}
	t.Run("known before", func(t *testing.T) {
		fails(t, options(h, p), mount(t), "en_US-large-medium")
		if h.requests("large-medium.onnx") > 0 {
			t.Error("the download was begun")
		}
	})
	t.Run("in the midst", func(t *testing.T) {
		dir := mount(t)
		h.before = func(_ http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, "grows-medium.onnx") {
				os.WriteFile(filepath.Join(dir, "other"), make([]byte, 3<<19), 0o644)
			}
			return false
		}
		defer func() { h.before = nil }()
		fails(t, options(h, p), dir, "en_US-grows-medium")
		must(t, os.Remove(filepath.Join(dir, "other")))
		h.before = nil
		s, err := install.Open(dir, options(h, p))
		must(t, err)
		must(t, s.Install(t.Context(), "en_US-grows-medium", install.InstallOptions{}))
		installed(t, s)
	})
	t.Run("while it is prepared", func(t *testing.T) {
		o := options(h, p)
		o.Preparers = map[string]install.Preparer{"piper": prepare}
		fails(t, o, mount(t), "en_US-grows-medium")
	})
	t.Run("pip", func(t *testing.T) {
		dir := mount(t)
		script(t, "python3", fmt.Sprintf("head -c 3000000 /dev/zero > %s/x", "$TMPDIR"))
		fails(t, options(nil, p), dir, "onnxruntime")
	})
}
