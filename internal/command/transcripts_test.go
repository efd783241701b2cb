package command

import (
	"encoding/binary"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"
)

var update = flag.Bool("update", false, "write what commands print into the transcripts that compare it")

// TestTranscripts runs testdata/transcripts against one server. Beside
// testscript's own commands there are: lectern, which leaves its exit code to
// status; keep, which puts what was printed last into a variable; wav, which
// checks a file's rate, length and header.
func TestTranscripts(t *testing.T) {
	program := installProgram(t)
	server := startServer(t, program)
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/transcripts",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", program+string(filepath.ListSeparator)+env.Getenv("PATH"))
			env.Setenv("SERVER", server.address)
			env.Setenv("OBJECTS", filepath.Join(server.data, "buckets"))
			env.Setenv("TZ", "UTC")
			env.Values["code"] = new(int)
			return errors.Join(
				os.WriteFile(filepath.Join(env.WorkDir, "latin1.txt"), []byte("Hello\nGr\xfc\xdfe\n"), 0o600),
				os.WriteFile(filepath.Join(env.WorkDir, "long.txt"), []byte(strings.Repeat("Hello you. ", 1000)), 0o600),
			)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"lectern": func(ts *testscript.TestScript, neg bool, args []string) {
				err := ts.Exec("lectern", args...)
				code := ts.Value("code").(*int)
				*code = 0
				if exit, ok := errors.AsType[*exec.ExitError](err); ok {
					*code = exit.ExitCode()
				} else if err != nil {
					ts.Fatalf("%v", err)
				}
				if neg != (*code != 0) {
					ts.Fatalf("exit code %d", *code)
				}
			},
			"status": func(ts *testscript.TestScript, _ bool, args []string) {
				if code := strconv.Itoa(*ts.Value("code").(*int)); len(args) != 1 || args[0] != code {
					ts.Fatalf("exit code %s, want %v", code, args)
				}
			},
			"keep": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
			},
			"wav": checkWAV,
		},
	})
}

// checkWAV is the command wav FILE RATE FRAMES.
func checkWAV(ts *testscript.TestScript, _ bool, args []string) {
	file := []byte(ts.ReadFile(args[0]))
	const header = 44
	if len(file) < header || string(file[:4]) != "RIFF" || string(file[8:16]) != "WAVEfmt " {
		ts.Fatalf("%s is no WAV file: %.16q", args[0], file)
	}
	rate := binary.LittleEndian.Uint32(file[24:])
	frames := (len(file) - header) / 2
	if want := args[1] + " " + args[2]; want != strconv.Itoa(int(rate))+" "+strconv.Itoa(frames) {
		ts.Fatalf("%s has %d frames at %d Hz, want %s at %s", args[0], frames, rate, args[2], args[1])
	}
	if n := binary.LittleEndian.Uint32(file[40:]); int(n) != 2*frames {
		ts.Fatalf("%s announces %d bytes of sound and has %d", args[0], n, 2*frames)
	}
}

// TestHelpIsInTranscript holds every command to its place in help.txt, and to
// a description and an example.
func TestHelpIsInTranscript(t *testing.T) {
	script, err := os.ReadFile("testdata/transcripts/help.txt")
	if err != nil {
		t.Fatal(err)
	}
	root := newRootCommand(&environment{getenv: os.Getenv})
	eachCommand(root, func(cmd *cobra.Command) {
		if line := cmd.CommandPath() + " --help\n"; !strings.Contains(string(script), line) {
			t.Errorf("help.txt lacks %q", line)
		}
		if cmd.Short == "" || cmd.Long == "" {
			t.Errorf("%s has no description", cmd.CommandPath())
		}
		if cmd.Runnable() && !cmd.HasSubCommands() && cmd.Example == "" {
			t.Errorf("%s has no example", cmd.CommandPath())
		}
	})
}
