package command

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// programmers are words of Go, of its library and of the API, none of which a message
// may have.
var programmers = regexp.MustCompile(`strconv| (?:time|net|url|tls|exec|syscall|flag|fault|rpc|config): |Parse[A-Z]|invalid (?:syntax|argument)|missing (?:unit|port)|parse error|must be formatted|` +
	` (?:open|stat|mkdir|lookup|dial|listen|bind|fork/exec) [^ "]+:|ListVoices|Synthesize|[a-z]+Operations?\(|\binput\.|voice\.|[a-z]_config|output_gcs|page_size|\$alt| x-[a-z]+-[a-z]+|%!`)

// told runs a command, which must fail, and is its last line: a server
// may have logged before.
func told(ctx context.Context, t *testing.T, getenv func(string) string, args ...string) (code int, message string) {
	t.Helper()
	var stdout, stderr lockedBuffer
	code = run(ctx, args, getenv, strings.NewReader(""), &stdout, &stderr)
	message = strings.TrimSuffix(stderr.String(), "\n")
	if args[0] == "serve" {
		message = message[strings.LastIndexByte(message, '\n')+1:]
	}
	switch {
	case code == exitOK:
		t.Errorf("%q is accepted", args)
	case !strings.HasPrefix(message, "lectern: ") || strings.Contains(message, "\n"):
		t.Errorf("%q: %q", args, message)
	case programmers.MatchString(message):
		t.Errorf("%q: %q in %q", args, programmers.FindString(message), message)
	}
	return code, message
}

// ended is a context in which a server that starts all the same ends at once.
func ended() context.Context {
	ctx, end := context.WithCancel(context.Background())
	end()
	return ctx
}

func getNothing(string) string { return "" }

// TestFlagsThatCannotBeRead gives each flag that is not any text, of each command, what
// it cannot be; and lectern serve its variables, too.
func TestFlagsThatCannotBeRead(t *testing.T) {
	data := t.TempDir()
	tried := 0
	try := func(cmd *cobra.Command, flag *pflag.Flag, value string) {
		tried++
		path := strings.Fields(cmd.CommandPath())[1:]
		if code, message := told(ended(), t, getNothing, append(path, "--"+flag.Name+"="+value)...); code != exitUsage || !strings.HasPrefix(message, "lectern: --"+flag.Name+" ") {
			t.Errorf("%v --%s=%s ends with %d: %s", path, flag.Name, value, code, message)
		}
		if len(path) == 0 || path[0] != "serve" {
			return
		}
		getenv := func(name string) string { return map[string]string{variable(flag.Name): value}[name] }
		if code, message := told(ended(), t, getenv, "serve", "--data", data); code != exitUsage || !strings.HasPrefix(message, "lectern: "+variable(flag.Name)+" ") {
			t.Errorf("%s=%s ends with %d: %s", variable(flag.Name), value, code, message)
		}
	}
	eachCommand(newRootCommand(&environment{program: program, getenv: getNothing}), func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(flag *pflag.Flag) {
			switch flag.Value.Type() {
			case "string", "stringArray":
			case "stringSlice":
				try(cmd, flag, `a"b`)
			case "int", "int64", "float64":
				try(cmd, flag, "x")
				try(cmd, flag, "1e999999")
				try(cmd, flag, "99999999999999999999"+strings.Repeat("9", 300))
			case "duration":
				try(cmd, flag, "x")
				try(cmd, flag, "5")
			default:
				try(cmd, flag, "x?")
			}
		})
	})
	if tried < 100 {
		t.Errorf("%d values were tried", tried)
	}
}

// TestSettingsThatCannotBe gives flags of lectern serve texts that they cannot be.
func TestSettingsThatCannotBe(t *testing.T) {
	data := t.TempDir()
	must(t, os.Chmod(data, 0o700))
	for flag, values := range map[string][]string{
		"listen":         {"x", "", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:nosuch", "a b:80", "x?!:80", "[::1", "http://127.0.0.1:80"},
		"wyoming":        {"x", "127.0.0.1", "127.0.0.1:99999", "a b:80"},
		"host":           {"x?!", "=", "http://x", "*.example"},
		"cors-origins":   {"x", "*", "https://%zz"},
		"map":            {"=", "books=x", "B?=s3://x", "books=s3://%zz"},
		"alias":          {"=", "a=", "=b"},
		"bucket-project": {"a/b=c", "abc="},
		"buckets":        {"x", "s3://", "s3://%zz", "file://relative"},
		"scratch":        {"x"},
		"store":          {"x", "mysql://x"},
		"webhook":        {"x", "http://%zz", "ftp://x/y"},
		"webhook-hosts":  {"https://x"},
		"clip-hosts":     {"https://x", "10.0.0.0/99"},
		"clips":          {"nosuch"},
		"umask":          {"x", "0777", "9"},
		"role":           {"x"},
		"credentials":    {"x"},
		"limit":          {"x", "=", "characters=x/day", "requests=5/fortnight", "characters=99999999999999999999/day"},
		"log-level":      {"loud"},
		"log-format":     {"xml"},
		"print-address":  {"text"},
		"acme-domain":    {"x", "https://x.example"},
		"acme-directory": {"x", "http://%zz"},
		"lexicon":        {"a b=x"},
		"slots":          {"0", "-1"},
		"drain-timeout":  {"-5s"},
	} {
		for _, value := range values {
			if code, message := told(ended(), t, getNothing, "serve", "--data", data, "--"+flag+"="+value); code != exitUsage || !strings.Contains(message, "--"+flag) {
				t.Errorf("--%s=%s ends with %d: %s", flag, value, code, message)
			}
		}
	}
	if left, err := os.ReadDir(data); err != nil || len(left) > 0 {
		t.Errorf("refused settings left %v, %v", left, err)
	}
}

// TestMessagesAreForPeople goes through what cannot be done otherwise.
func TestMessagesAreForPeople(t *testing.T) {
	workers := installProgram(t)
	s := startServer(t, workers)
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		must(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	short, big := file("short.txt", "Hello"), file("big.txt", strings.Repeat("Hello you. ", 1000))
	pauses := file("pauses.xml", "<speak>"+strings.Repeat(`<break time="60s"/>`, 200)+"a</speak>")
	out, none := filepath.Join(dir, "out.wav"), filepath.Join(dir, "none", "x")
	const database = "postgres://127.0.0.1:1/x"
	for _, tc := range []struct {
		code int
		want string
		args []string
	}{
		{exitFailed, "--voice: No voice is called 'Nosuch'.", []string{"say", "-o", out, "-v", "Nosuch", "hi"}},
		{exitFailed, "`lectern voices` lists them", []string{"say", "-o", out, "-l", "xx-XX", "hi"}},
		{exitFailed, "No voice is called so by itself", []string{"say", "-o", out, "-v", "Kore", "-l", "en-US", "hi"}},
		{exitFailed, "--encoding: ", []string{"say", "-o", out, "-e", "FLACC", "hi"}},
		{exitFailed, "--language: ", []string{"say", "-o", out, "-l", "e?!", "hi"}},
		{exitNotFound, none, []string{"say", "-o", out, "--lexicon", none, "hi"}},
		{exitNotFound, none, []string{"say", "-o", none, "hi"}},

		{exitFailed, "--voice: No voice is called 'Nosuch'.", []string{"say", "-o", out, "-v", "Nosuch", "hi", "--server"}},
		{exitFailed, "--language: There is no voice for the language 'xx-XX'. `lectern voices` lists them.", []string{"say", "-o", out, "-l", "xx-XX", "hi", "--server"}},
		{exitFailed, "No voice is called so by itself", []string{"say", "-o", out, "-v", "Kore", "-l", "en-US", "hi", "--server"}},
		{exitFailed, "at most 5000 bytes at once, and the text has 11000", []string{"say", "-o", out, "-f", big, "--server"}},
		{exitFailed, "use `lectern long`", []string{"say", "-o", out, "--ssml", "-f", pauses, "--server"}},
		{exitFailed, "--idempotency-key must have", []string{"long", short, "gs://demo/x", "--idempotency-key", strings.Repeat("x", 300), "--server"}},
		{exitFailed, "--voice: No voice is called 'Nosuch'.", []string{"long", short, "gs://demo/x", "-v", "Nosuch", "--server"}},
		{exitUsage, "gs://demo", []string{"long", short, "gs://demo", "--server"}},
		{exitUsage, "gs://De/x", []string{"long", short, "gs://De/x", "--server"}},
		{exitUsage, "gs://demo", []string{"cp", "gs://demo", out, "--server"}},
		{exitUsage, "gs://demo/../x", []string{"cp", "gs://demo/../x", out, "--server"}},
		{exitUsage, "gs://demo/a//b", []string{"cp", short, "gs://demo/a//b", "--server"}},
		{exitFailed, "NAME: ", []string{"operations", "get", "a/b", "--server"}},
		{exitUsage, `--limit "x" is not`, []string{"operations", "list", "--limit", "x", "--server"}},

		{exitUsage, "HOST:PORT", []string{"say", "-o", out, "hi", "--server", "x"}},
		{exitUsage, "%zz", []string{"say", "-o", out, "hi", "--server", "%zz:1"}},
		{exitUsage, "HOST:PORT", []string{"cp", "gs://demo/x", out, "--server", "ftp://x:1"}},
		{exitUsage, "HOST:PORT", []string{"run", "--server", "x", "--", "true"}},
		{exitUnavailable, "No server answers at", []string{"say", "-o", out, "hi", "--server", "127.0.0.1:1"}},

		{exitUsage, "postgres://", []string{"usage", "--store", "x"}},
		{exitUsage, "postgres://", []string{"nodes", "--store", "x"}},
		{exitUsage, "postgres://", []string{"keys", "list", "--store", "x"}},
		{exitFailed, "cannot be reached", []string{"nodes", "--store", database}},
		{exitNotFound, none, []string{"usage", "--data", none}},
		{exitUsage, "--day", []string{"usage", "--day", "x", "--data", dir}},
		{exitUsage, "--since", []string{"audit", "--since", "x", short}},
		{exitNotFound, none, []string{"audit", none}},
		{exitNotFound, none, []string{"normalize", "--lexicon", none, "hi"}},
		{exitNotFound, none, []string{"trust", "--data", none}},
		{127, none, []string{"run", none}},
		{127, "nosuchprogram", []string{"run", "nosuchprogram"}},
		{exitNotFound, none, []string{"serve", "--data", dir, "--lexicon", none}},
		{exitNotFound, none, []string{"serve", "--data", dir, "--audit-log", none}},
		{exitNotFound, none, []string{"serve", "--data", dir, "--tls-cert", none, "--tls-key", none}},
		{exitFailed, short, []string{"serve", "--data", dir, "--tls-cert", short, "--tls-key", short}},
		{exitFailed, "cannot listen on " + s.address, []string{"serve", "--data", dir, "--worker-dir", workers, "--listen", s.address}},
	} {
		args := tc.args
		if args[len(args)-1] == "--server" {
			args = append(args, s.address)
		}
		getenv := func(name string) string {
			return map[string]string{"LECTERN_WORKER_DIR": workers, "LECTERN_VOICES": none, "HOME": dir}[name]
		}
		if code, message := told(t.Context(), t, getenv, args...); code != tc.code || !strings.Contains(message, tc.want) {
			t.Errorf("%q ends with %d: %s", args, code, message)
		}
	}
}
