package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lectern/lectern/engine/neural"
	"github.com/lectern/lectern/engine/neural/hibari"
	"github.com/lectern/lectern/engine/neural/kokoro"
	"github.com/lectern/lectern/engine/neural/onnx"
	"github.com/lectern/lectern/engine/neural/piper"
	pipervoice "github.com/lectern/lectern/engine/neural/piper/voicefile"
	"github.com/lectern/lectern/g2p"
	"github.com/lectern/lectern/internal/models"
	"github.com/lectern/lectern/speech"
)

// opener opens the voices of one model, and what they share once.
type opener struct {
	model   models.Model
	english map[string]neural.Reader // by language
	kokoro  *kokoro.Network
}

func (o *opener) open(v speech.Voice) (neural.Voice, error) {
	switch o.model.Info.Name {
	case models.Hibari:
		return o.openHibari(v)
	case models.Kokoro:
		return o.openKokoro(v)
	case models.Piper:
		return o.openPiper(v)
	}
	return neural.Voice{}, fmt.Errorf("the engine %s is unknown", o.model.Info.Name)
}

func (o *opener) openHibari(v speech.Voice) (neural.Voice, error) {
	vocabulary, err := hibari.ReadVocabulary(filepath.Join(o.model.English(), "vocab.json"))
	if err != nil {
		return neural.Voice{}, err
	}
	reader, err := o.readEnglish(v.Languages[0])
	if err != nil {
		return neural.Voice{}, err
	}
	model, err := hibari.Open(filepath.Dir(o.model.Part(v.EngineName, "model")), vocabulary)
	return neural.Voice{Model: model, Reader: reader}, err
}

func (o *opener) openKokoro(v speech.Voice) (neural.Voice, error) {
	vocabulary, err := hibari.ReadVocabulary(filepath.Join(o.model.English(), "vocab.json"))
	if err != nil {
		return neural.Voice{}, err
	}
	reader := neural.Transcribed(kokoro.FromEspeak)
	if strings.HasPrefix(v.Languages[0], "en-") {
		if reader, err = o.readEnglish(v.Languages[0]); err != nil {
			return neural.Voice{}, err
		}
	}
	if o.kokoro == nil {
		if o.kokoro, err = kokoro.Load(filepath.Dir(o.model.Part(v.EngineName, "model"))); err != nil {
			return neural.Voice{}, err
		}
	}
	model, err := o.kokoro.Open(o.model.Part(v.EngineName, "style"), vocabulary)
	return neural.Voice{Model: model, Reader: reader}, err
}

func (o *opener) openPiper(v speech.Voice) (neural.Voice, error) {
	config, err := pipervoice.ReadConfig(o.model.Part(v.EngineName, "config"))
	if err != nil {
		return neural.Voice{}, err
	}
	reader := neural.Transcribed(nil)
	if config.PhonemeType == "text" {
		reader = neural.Letters()
	}
	model, err := piper.Open(filepath.Dir(o.model.Part(v.EngineName, "model")), config, o.model.Speaker(v.EngineName))
	return neural.Voice{Model: model, Reader: reader}, err
}

// readEnglish opens the English lexicon of one country, and the network that
// guesses at words that are not in it.
func (o *opener) readEnglish(language string) (neural.Reader, error) {
	if reader, ok := o.english[language]; ok {
		return reader, nil
	}
	dir := o.model.English()
	file := "oov.onnx"
	if strings.EqualFold(language, "en-GB") {
		file = "oov_gb.onnx"
	}
	guess, err := onnx.Load(filepath.Join(dir, file), []string{"chars"}, []string{"ids"})
	if err != nil {
		return nil, err
	}
	front, err := g2p.Open(os.DirFS(dir), language, func(letters []int64) ([]int64, error) {
		out, err := guess.Run(context.Background(), onnx.Tensor(letters, 1, int64(len(letters))))
		if err != nil {
			return nil, err
		}
		defer out.Close()
		ids, _ := out.Ints(0)
		return append([]int64(nil), ids...), nil
	})
	if err != nil {
		return nil, err
	}
	if o.english == nil {
		o.english = map[string]neural.Reader{}
	}
	reader := english{front, language}
	o.english[language] = reader
	return reader, nil
}
