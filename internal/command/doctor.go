package command

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/installed"
	"github.com/lectern/lectern/internal/models"
	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/lro/postgres"
	"github.com/lectern/lectern/speech"
)

func newDoctorCommand(env *environment) *cobra.Command {
	var local localFlags
	var server string
	c := config.Default(env.getenv)
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look whether a server can do its work here, and say what to do",
		Long: `Look whether a server with these settings can do its work here: its engines, the
neural voices, the data directory and its disk, the database that nodes share, the
buckets, and the port. Each line is one finding; one that is not well says what to do.
A server may be running meanwhile.

With --server only that server is looked at, as its callers see it: whether it
answers, its certificate, and whether it takes the API key in LECTERN_API_KEY
and the client's certificate in LECTERN_CLIENT_CERT.

The exit code is 1 when something is not well.`,
		Example: "  lectern doctor\n  lectern doctor --data /var/lib/lectern --listen 127.0.0.1:8085\n  lectern doctor --server https://tts.example",
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := readEnvironment(cmd.Flags(), env.getenv); err != nil {
				return usageError{err}
			}
			given := func(name string) string {
				value, _ := cmd.Flags().GetString(name)
				return value
			}
			c.Data = cmp.Or(given("data"), c.Data)
			c.Store = given("store")
			c.Listen = cmp.Or(given("listen"), c.Listen)
			c.Buckets = cmp.Or(given("buckets"), c.Buckets)
			c.Scratch = cmp.Or(given("scratch"), c.Scratch)
			c.Maps, _ = cmd.Flags().GetStringToString("map")
			c.WorkerDir = cmp.Or(local.workerDir, env.getenv(variable("worker-dir")))
			c.Voices = cmp.Or(local.voices, env.getenv(variable("voices")), c.Voices)
			if err := env.program.becomeLinked(c); err != nil {
				return err
			}
			how, err := calling(env.getenv, c.Data)
			if err != nil {
				return err
			}
			d := &doctor{program: env.program, out: env.stdout, config: c, apiKey: env.getenv(variable("api-key")), calling: how}
			if server != "" {
				return d.examineServer(cmd.Context(), server)
			}
			return d.examine(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&server, "server", "", "`ADDRESS` of a server to look at instead of this machine, HOST:PORT, with TLS https://HOST:PORT")
	cmd.Flags().String("data", "", "data `DIRECTORY` of the server (default: $LECTERN_DATA, else that of lectern serve)")
	cmd.Flags().String("store", "", "`DATABASE` of the server (default: $LECTERN_STORE, else a file in --data)")
	cmd.Flags().String("listen", "", "`ADDRESS` of the server, HOST:PORT (default: $LECTERN_LISTEN, else that of lectern serve)")
	cmd.Flags().String("buckets", "", "`URL` of the server's store of objects (default: $LECTERN_BUCKETS, else its data directory)")
	cmd.Flags().StringToString("map", nil, "where one bucket is, as `BUCKET=URL`; may be repeated (default: $LECTERN_MAP)")
	cmd.Flags().String("scratch", "", "`URL` of the server's store of scratch (default: $LECTERN_SCRATCH, else its data directory)")
	local.register(cmd)
	return cmd
}

// doctor prints findings.
type doctor struct {
	program Program
	out     io.Writer
	config  config.Config
	apiKey  string // for a server that asks for credentials
	calling *tls.Config
	ill     int
}

func (d *doctor) examine(ctx context.Context) error {
	d.well("program", "lectern %s", d.program.Version)
	d.voices()
	d.engines(ctx)
	d.disk()
	d.store(ctx)
	d.stores(ctx)
	d.port(ctx)
	return d.outcome()
}

// examineServer looks at a server that runs, here or elsewhere, and at nothing else.
func (d *doctor) examineServer(ctx context.Context, address string) error {
	d.server(ctx, "server", address)
	return d.outcome()
}

func (d *doctor) outcome() error {
	if d.ill > 0 {
		return outcome{code: exitFailed} // the findings tell it
	}
	return nil
}

func (d *doctor) well(what, format string, args ...any) {
	fmt.Fprintf(d.out, "ok    %-8s %s\n", what, fmt.Sprintf(format, args...))
}

func (d *doctor) bad(what, format string, args ...any) {
	d.ill++
	fmt.Fprintf(d.out, "BAD   %-8s %s\n", what, fmt.Sprintf(format, args...))
}

// voices looks at the neural voices that are installed, and reads all of their files:
// what has changed on the disk may be heard and still be no error to anybody else.
func (d *doctor) voices() {
	dir := d.config.Voices
	var problems []string
	note := func(err error) {
		if err == nil {
			return
		}
		for problem := range strings.Lines(err.Error()) { // several models may need the same item
			if problem = strings.TrimSpace(problem); !slices.Contains(problems, problem) {
				problems = append(problems, problem)
			}
		}
	}
	found, err := models.Of(dir)
	note(err)
	for _, m := range found {
		note(m.Verify())
	}
	for _, problem := range problems {
		d.bad("voices", "%s", problem)
	}
	items, _ := voicestore.Installed(dir) // what cannot be read is among the problems
	var names []string
	for _, item := range items {
		if item.Kind == voicestore.VoiceKind {
			names = append(names, item.Name)
		}
	}
	switch {
	case len(names) == 0:
		d.bad("voices", "no neural voice is in %s; `lectern voices install %s` gets the default one", dir, models.Default)
	case len(problems) == 0:
		d.well("voices", "%s in %s", strings.Join(names, ", "), dir)
	}
}

// engines starts the engines and lets the first voice of English speak.
func (d *doctor) engines(ctx context.Context) {
	d.config.Slots = 1
	engines, err := openEngines(ctx, slog.New(slog.DiscardHandler), d.config)
	if err != nil {
		d.bad("engines", "%v", err)
		return
	}
	defer engines.Close()
	for _, known := range installed.Engines() {
		if !slices.ContainsFunc(engines.Infos(), func(i driver.Info) bool { return i.Name == known.Name }) {
			d.bad("engines", "%s does not start. %s", known.Name, known.Install)
		}
	}
	for _, info := range engines.Infos() {
		d.well("engines", "%s %s, %d voices", info.Name, info.Version, len(info.Voices))
	}
	voice, err := engines.Catalogue().Match(voices.Wish{Language: "en-US"})
	if err != nil {
		d.bad("speech", "%v", err)
		return
	}
	began := time.Now()
	said, err := engines.Speak(ctx, engine.Interactive, voice, speech.Utterance{Text: "All is well."})
	if err == nil {
		defer said.Close()
		var sound audio.Buffer
		if sound, err = audio.ReadAll(said); err == nil {
			d.well("speech", "%s makes %.1f s of sound in %.1f s", voice.Name, float64(len(sound.Samples))/float64(sound.Rate), time.Since(began).Seconds())
			return
		}
	}
	d.bad("speech", "%s: %v", voice.Name, sentence(err))
}

// disk looks at the data directory, whether it is there or would be made.
func (d *doctor) disk() {
	dir := d.config.Data
	for {
		if _, err := os.Stat(dir); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	probe, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		d.bad("data", "%s cannot be written: %v; give the server another --data, or its user the right to write there", d.config.Data, err)
		return
	}
	probe.Close()
	os.Remove(probe.Name())
	free, total, err := file.Room(dir)
	switch {
	case err != nil:
		d.bad("data", "%v", err)
	case free < file.LeastRoom(total):
		d.bad("data", "%s has %d MiB left, and new work needs %d; free some", d.config.Data, free>>20, file.LeastRoom(total)>>20)
	case openToOthers(dir) != nil && dir == d.config.Data:
		d.bad("data", "%v", openToOthers(dir))
	default:
		d.well("data", "%s, %d GiB free (an hour of LINEAR16 at 24 kHz is 173 MB)", d.config.Data, free>>30)
	}
}

// stores looks whether objects can be written where --buckets and --map say.
func (d *doctor) stores(ctx context.Context) {
	c := d.config
	if c.Buckets == "" && len(c.Maps) == 0 && c.Scratch == "" {
		return // the data directory, which disk has looked at
	}
	if err := c.Check(); err != nil {
		d.bad("buckets", "%v", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, config.ProbeTime)
	defer cancel()
	buckets, err := d.program.openBuckets(ctx, c)
	if err != nil {
		d.bad("buckets", "%v", err)
		return
	}
	defer buckets.Close()
	if err := buckets.Probe(ctx); err != nil {
		for problem := range strings.Lines(err.Error()) {
			d.bad("buckets", "%s", strings.TrimSpace(problem))
		}
		return
	}
	d.well("buckets", "objects can be written, read and removed")
}

// clockApart is from when on a difference between clocks is worth a remark: the
// database's rules in any case, but logs are hard to read.
const clockApart = time.Second

// store looks at the database that nodes share, and at their leases.
func (d *doctor) store(ctx context.Context) {
	if d.config.Store == "" {
		return
	}
	s, err := postgres.Look(ctx, d.config.Store)
	if err != nil {
		d.bad("store", "%v", err)
		return
	}
	defer s.Close()
	health, err := s.Check(ctx)
	if err != nil {
		d.bad("store", "%v", err)
		return
	}
	d.well("store", "PostgreSQL %s answers in %s, its schema has version %d", health.Version, health.Took.Round(100*time.Microsecond), health.Schema)
	if health.Ahead.Abs() > clockApart {
		d.bad("clock", "the database's is %s ahead of this machine's; operations follow the database's, but set both by NTP", health.Ahead)
	} else {
		d.well("clock", "the database's is %s ahead of this machine's", health.Ahead)
	}
	nodes, err := s.Nodes(ctx)
	if err != nil {
		d.bad("nodes", "%v", err)
		return
	}
	states := map[string]int{}
	for _, n := range viewNodes(nodes) {
		states[n.State]++
	}
	if states["gone"] > 0 && states["working"] == 0 {
		d.bad("nodes", "%d are gone and none works; start one, and it does what they did", states["gone"])
		return
	}
	d.well("nodes", "%d working, %d answering only, %d draining, %d gone", states["working"], states["answering"], states["draining"], states["gone"])
}

// port looks who has the server's address.
func (d *doctor) port(ctx context.Context) {
	listener, err := net.Listen("tcp", d.config.Listen)
	if err == nil {
		_ = listener.Close()
		d.well("port", "%s is free", d.config.Listen)
		return
	}
	d.server(ctx, "port", reachable(d.config.Listen))
}
