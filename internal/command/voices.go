package command

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

type voicesOptions struct {
	language string
	google   bool
	server   serverFlag
	local    localFlags
	asJSON   bool
}

func newVoicesCommand(env *environment) *cobra.Command {
	var o voicesOptions
	cmd := &cobra.Command{
		Use:   "voices",
		Short: "List the voices",
		Long: `List the voices that can speak, by name. RATE is the sample rate of the voice
in hertz, the one a sound has when no other is asked for.

Google's own names, such as en-US-Wavenet-D, are served by the nearest of these
voices; --google lists them too, and who speaks.

No server is needed. With --server, or LECTERN_SERVER in the environment, a
server is asked for its voices.`,
		Example: `  lectern voices
  lectern voices install heart
  lectern voices --language en
  lectern voices --server 127.0.0.1:8085 --json`,
		Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return listVoices(cmd.Context(), env, o)
		},
	}
	cmd.Flags().StringVarP(&o.language, "language", "l", "", "only voices for this language `CODE`, such as en or en-GB")
	cmd.Flags().BoolVar(&o.google, "google", false, "list Google's own names too")
	o.server.register(cmd, "none: list the voices here")
	o.local.register(cmd)
	registerJSON(cmd, &o.asJSON)
	offer(cmd, "language", languagesOf(voicesOf(env, &o.server, &o.local)))
	cmd.AddCommand(newVoicesInstallCommand(env), newVoicesAddCommand(env), newVoicesUpdateCommand(env), newVoicesRemoveCommand(env))
	return cmd
}

func listVoices(ctx context.Context, env *environment, o voicesOptions) error {
	ctx, stop := untilSignal(ctx)
	defer stop()
	found, err := findVoices(ctx, env, o)
	if err != nil {
		return err
	}
	if o.asJSON {
		return printJSON(env.stdout, voicesJSON(found))
	}
	if len(found) == 0 {
		return fault.New(fault.NotFound, "There is no voice for the language %q; `lectern voices` lists all.", o.language)
	}
	rows := [][]string{{"NAME", "LANGUAGES", "GENDER", "RATE", "ENGINE"}}
	for _, v := range found {
		rows = append(rows, []string{v.Name, strings.Join(v.Languages, " "), v.Gender.String(), strconv.Itoa(v.NaturalSampleRateHertz), engineOf(v)})
	}
	return printTable(env.stdout, rows)
}

func findVoices(ctx context.Context, env *environment, o voicesOptions) (voiceList, error) {
	if o.server.given(env) == "" {
		engines, err := o.local.open(ctx, env)
		if err != nil {
			return nil, err
		}
		defer engines.Close()
		catalogue := engines.Catalogue()
		return named(catalogue.List(o.language), o, catalogue.Speaker), nil
	}
	server, err := o.server.dial(ctx, env)
	if err != nil {
		return nil, err
	}
	defer server.Close()
	all, err := server.Voices(ctx, o.language)
	return named(all, o, itself), err
}

// itself is the speaker of a voice where nothing else is known.
func itself(v speech.Voice) speech.Voice { return v }

// named leaves Google's names out unless they are asked for. speaker tells whose
// voice a name is, if that is known.
func named(all []speech.Voice, o voicesOptions, speaker func(speech.Voice) speech.Voice) voiceList {
	var list voiceList
	for _, v := range all {
		if voices.IsGoogleName(v.Name) && !o.google {
			continue
		}
		entry := listedVoice{Voice: v}
		if own := speaker(v); own.Name != v.Name {
			entry.speaker = own.Name
		}
		list = append(list, entry)
	}
	return list
}

// listedVoice is a voice and, if its name is another one's, that one's name.
type listedVoice struct {
	speech.Voice
	speaker string
}

type voiceList []listedVoice

// engineOf is the part of a voice's name, LANGUAGE-ENGINE-VOICE, that tells
// the engine: servers do not say it otherwise.
func engineOf(v listedVoice) string {
	if v.speaker != "" {
		return "as " + v.speaker
	}
	if voices.IsGoogleName(v.Name) {
		return "-"
	}
	parts := strings.Split(v.Name, "-")
	if len(parts) < 3 {
		return "-"
	}
	return strings.ToLower(parts[len(parts)-2])
}

// voiceJSON is a voice as programs read it, in the API's words.
type voiceJSON struct {
	Name                   string   `json:"name"`
	LanguageCodes          []string `json:"languageCodes"`
	SsmlGender             string   `json:"ssmlGender"`
	NaturalSampleRateHertz int      `json:"naturalSampleRateHertz"`
}

func voicesJSON(found voiceList) any {
	list := make([]voiceJSON, len(found))
	for i, v := range found {
		list[i] = voiceJSON{v.Name, v.Languages, genderJSON(v.Gender), v.NaturalSampleRateHertz}
	}
	return map[string]any{"voices": list}
}

func genderJSON(g speech.Gender) string {
	if g == speech.GenderUnspecified {
		return "SSML_VOICE_GENDER_UNSPECIFIED"
	}
	return strings.ToUpper(g.String())
}
