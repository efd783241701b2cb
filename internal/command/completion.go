package command

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
	"github.com/lectern/lectern/synth"
	"github.com/lectern/lectern/ttsapi/client"
)

// completing is how long a shell may be kept waiting for what it could offer.
const completing = 2 * time.Second

// completer finds what a shell offers in a place: the values, each with a tab and a
// word on it if there is one. What cannot be found is not offered.
type completer func(ctx context.Context) []string

// offer has shells offer values for a flag.
func offer(cmd *cobra.Command, flag string, find completer) {
	// It fails for a flag that is not there, and TestEveryOfferIsForAFlag misses it.
	_ = cmd.RegisterFlagCompletionFunc(flag, find.complete)
}

// offerArguments has shells offer values for arguments, up to most of them; 0 is
// any number. What is there already is not offered again.
func offerArguments(cmd *cobra.Command, most int, find completer) {
	cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if most > 0 && len(args) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		values, directive := find.complete(cmd, args, typed)
		values = slices.DeleteFunc(values, func(v string) bool {
			value, _, _ := strings.Cut(v, "\t")
			return slices.Contains(args, value)
		})
		return values, directive
	}
}

func (find completer) complete(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	ctx, cancel := context.WithTimeout(cmd.Context(), completing)
	defer cancel()
	values := slices.DeleteFunc(slices.Clone(find(ctx)), func(v string) bool {
		return !strings.HasPrefix(strings.ToLower(v), strings.ToLower(typed))
	})
	return values, cobra.ShellCompDirectiveNoFileComp
}

// fixed offers what is always the same.
func fixed(values ...string) completer {
	return func(context.Context) []string { return values }
}

// offerSpeech has shells offer the values of speechFlags; find finds the voices.
func offerSpeech(cmd *cobra.Command, s *speechFlags, find func(ctx context.Context) (voiceList, error)) {
	offer(cmd, "voice", func(ctx context.Context) []string {
		found, err := find(ctx)
		if err != nil {
			return nil
		}
		var names []string
		for _, v := range found {
			if s.language == "" || slices.ContainsFunc(v.Languages, func(l string) bool { return strings.EqualFold(l, s.language) }) {
				names = append(names, v.Name+"\t"+strings.Join(v.Languages, " "))
			}
		}
		return names
	})
	offer(cmd, "language", languagesOf(find))
	offer(cmd, "gender", fixed("male", "female", "neutral"))
	offer(cmd, "encoding", fixed(newFormats().Names()...))
	offer(cmd, "effects", fixed(synth.Effects()...))
}

func languagesOf(find func(ctx context.Context) (voiceList, error)) completer {
	return func(ctx context.Context) []string {
		found, err := find(ctx)
		if err != nil {
			return nil
		}
		codes := map[string]bool{}
		for _, v := range found {
			for _, code := range v.Languages {
				codes[code] = true
			}
		}
		return slices.Sorted(maps.Keys(codes))
	}
}

// voicesOf finds the voices of the server that was asked for, or of those here.
func voicesOf(env *environment, server *serverFlag, local *localFlags) func(context.Context) (voiceList, error) {
	return func(ctx context.Context) (voiceList, error) {
		return findVoices(ctx, env, voicesOptions{server: *server, local: *local})
	}
}

// voicesOfServer finds those of a server, the default one if none was named.
func voicesOfServer(env *environment, server *serverFlag) func(context.Context) (voiceList, error) {
	return func(ctx context.Context) (voiceList, error) {
		c, err := server.dial(ctx, env)
		if err != nil {
			return nil, err
		}
		defer c.Close()
		all, err := c.Voices(ctx, "")
		return named(all, voicesOptions{}, itself), err
	}
}

// operationsOf are the newest operations of a server, those under way only or all.
func operationsOf(env *environment, server *serverFlag, underWay bool) completer {
	const most = 50
	return func(ctx context.Context) []string {
		c, err := server.dial(ctx, env)
		if err != nil {
			return nil
		}
		defer c.Close()
		query := client.Query{}
		if underWay {
			done := false
			query.Done = &done
		}
		found, _, _, err := collect(ctx, c, query, most)
		if err != nil {
			return nil
		}
		var ids []string
		for _, op := range found {
			ids = append(ids, idOf(op.Name)+"\t"+string(op.State)+", "+percent(op.Progress)+", "+clock(op.Start))
		}
		return ids
	}
}

// installable are the voices of the list that can be had.
func installable(context.Context) []string {
	var names []string
	for _, item := range catalogue.Embedded(runtime.GOOS, runtime.GOARCH).Items {
		if item.Kind == voicestore.VoiceKind {
			names = append(names, item.Name)
		}
	}
	return names
}

// installedVoices are the voices that can be removed or updated.
func installedVoices(env *environment, s *storeFlags) completer {
	return func(context.Context) []string {
		store, err := s.open(env)
		if err != nil {
			return nil
		}
		return slices.Sorted(maps.Keys(installedItems(store)))
	}
}

// captionFormats are those of --captions of long operations.
func captionFormats() []string { return strings.Split(captions.Names(), ", ") }
