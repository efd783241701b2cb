package catalogue

import (
	"cmp"
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/speech"
)

// PiperBase is where Piper's catalogue and its files are on the hub.
const PiperBase = "hub:rhasspy/piper-voices/resolve/main/"

// PiperFile is the name of Piper's catalogue below PiperBase.
const PiperFile = "voices.json"

// CardFile is the name of the file that says a voice's licence.
const CardFile = "MODEL_CARD"

type piperVoice struct {
	Key      string `json:"key"`
	Name     string `json:"name"`
	Language struct {
		Code string `json:"code"`
	} `json:"language"`
	Quality  string         `json:"quality"`
	Speakers map[string]int `json:"speaker_id_map"`
	Files    map[string]struct {
		Size int64  `json:"size_bytes"`
		MD5  string `json:"md5_digest"`
	} `json:"files"`
	Aliases []string `json:"aliases"`
}

// Piper reads Piper's voices.json. What it says of a voice is checked as far as
// files go: nothing in it leads out of a folder. A voice that makes no sense is
// left out; a file that makes none is a DATA_LOSS.
func Piper(text []byte) (*Catalogue, error) {
	var all map[string]piperVoice
	if err := json.Unmarshal(text, &all); err != nil || len(all) == 0 {
		return nil, fault.New(fault.DataLoss, "Piper's catalogue is not the JSON that was expected.").Because(err)
	}
	c := &Catalogue{}
	for key, v := range all {
		if item, ok := v.item(key); ok {
			c.Items = append(c.Items, item)
		}
	}
	slices.SortFunc(c.Items, func(a, b Item) int { return cmp.Compare(a.Name, b.Name) })
	return c, nil
}

func (v piperVoice) item(key string) (Item, bool) {
	item := Item{Item: voicestore.Item{
		Name: ascii(key), Kind: voicestore.VoiceKind, Engine: "piper", Needs: []string{"onnxruntime"},
		Credit: "Piper voice " + key + "; see its " + CardFile,
	}}
	item.Aliases = v.Aliases
	if item.Name != key {
		item.Aliases = append([]string{key}, item.Aliases...)
	}
	var model, config, card bool
	for at, f := range v.Files {
		name := path.Base(at)
		if path.Clean(at) != at || strings.HasPrefix(at, "/") || strings.HasPrefix(at, "..") || f.Size <= 0 || len(f.MD5) != 32 {
			return Item{}, false
		}
		switch name {
		case key + ".onnx":
			model, item.Version = true, f.MD5[:8]
		case key + ".onnx.json":
			config = true
		case CardFile:
			card = true
		default:
			continue
		}
		item.Get = append(item.Get, File{File: voicestore.File{Name: name, Size: f.Size, MD5: f.MD5}, At: PiperBase + at})
	}
	if !voicestore.ValidName(item.Name) || ascii(v.Name) == "" || !model || !config || !card || v.Name == "" || v.Language.Code == "" {
		return Item{}, false
	}
	// The card comes first: it decides whether the rest is wanted.
	slices.SortFunc(item.Get, func(a, b File) int { return cmp.Or(cmp.Compare(a.Size, b.Size), cmp.Compare(a.Name, b.Name)) })
	slices.SortStableFunc(item.Get, func(a, b File) int { return rank(a) - rank(b) })
	item.Voices = PiperVoices(item.Name, key, v.Name, v.Quality, Language(v.Language.Code), v.Speakers)
	return item, true
}

// PiperVoices are the voices of one of Piper's models. A model of medium quality
// gives its voice the plain name; others add theirs: en-US-Piper-Lessac,
// en-US-Piper-LessacHigh. Each speaker of several is a voice: en-US-Piper-ArcticAwb.
// The model's files are STEM.onnx and STEM.onnx.json.
func PiperVoices(item, stem, name, quality, language string, speakers map[string]int) []voicestore.Voice {
	base := name
	if quality != "medium" && quality != "" {
		base += "_" + quality
	}
	rate := 22050
	if strings.HasSuffix(quality, "low") {
		rate = 16000
	}
	voice := voicestore.Voice{
		Voice: speech.Voice{
			Name: PublicName(language, "piper", base), Languages: []string{language}, Gender: genders[name],
			NaturalSampleRateHertz: rate, EngineName: item,
		},
		Parts: map[string]string{"model": stem + ".onnx", "config": stem + ".onnx.json"},
	}
	if len(speakers) < 2 {
		voices := []voicestore.Voice{voice}
		level(voices)
		return voices
	}
	var voices []voicestore.Voice
	taken := map[string]bool{}
	for speaker, number := range speakers {
		one := voice
		one.Name = PublicName(language, "piper", base+"_"+speaker)
		one.EngineName = item + "/" + speaker
		one.Parts = maps.Clone(voice.Parts) // each is prepared for itself
		one.Speaker = number
		one.Gender = genders[speaker]
		voices = append(voices, one)
	}
	slices.SortFunc(voices, func(a, b voicestore.Voice) int {
		return cmp.Or(a.Speaker-b.Speaker, cmp.Compare(a.EngineName, b.EngineName))
	})
	for n := range voices {
		if taken[strings.ToLower(voices[n].Name)] { // speakers that differ in signs or case only
			voices[n].Name = PublicName(language, "piper", base+"_speaker"+strconv.Itoa(voices[n].Speaker))
		}
		taken[strings.ToLower(voices[n].Name)] = true
	}
	level(voices)
	return voices
}

// rank is 0 for the card.
func rank(f File) int {
	if f.Name == CardFile {
		return 0
	}
	return 1
}
