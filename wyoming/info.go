package wyoming

import "github.com/lectern/lectern/engine/voices"

// attribution says who made something; clients refuse what has none.
type attribution struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type artifact struct {
	Name        string      `json:"name"`
	Attribution attribution `json:"attribution"`
	Installed   bool        `json:"installed"`
	Description string      `json:"description"`
	Version     string      `json:"version"`
}

type voice struct {
	artifact
	Languages []string `json:"languages"`
}

type program struct {
	artifact
	Voices    []voice `json:"voices"`
	Streaming bool    `json:"supports_synthesize_streaming"`
}

var lectern = attribution{"Lectern", "https://github.com/lectern/lectern"}

// info answers describe: one program with the engines' own voices. Google's names
// are served and not listed: there are thousands.
func info(catalogue *voices.Catalogue, version string) map[string]any {
	p := program{Streaming: true, Voices: []voice{}, artifact: artifact{"lectern", lectern, true, "Lectern, a speech server", version}}
	for _, v := range catalogue.List("") {
		if catalogue.Speaker(v).Name == v.Name {
			p.Voices = append(p.Voices, voice{artifact{v.Name, lectern, true, v.Name, version}, v.Languages})
		}
	}
	answer := map[string]any{"tts": []program{p}}
	for _, other := range []string{"asr", "handle", "intent", "wake", "mic", "snd"} {
		answer[other] = []any{}
	}
	return answer
}
