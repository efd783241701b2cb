package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	hibari "github.com/lectern/lectern/engine/neural/hibari/voicefile"
	kokoro "github.com/lectern/lectern/engine/neural/kokoro/voicefile"
	piper "github.com/lectern/lectern/engine/neural/piper/voicefile"
	"github.com/lectern/lectern/internal/models"
	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/install"
)

// preparers make of networks, as they are published, what the workers load. They
// take some times a network's memory, which is why it is done once.
var preparers = map[string]install.Preparer{
	models.Hibari: func(_ context.Context, dir string, item *voicestore.Item) error {
		return prepare(dir, item, hibari.Prepare, hibari.NetworkFile)
	},
	models.Kokoro: prepareKokoro,
	models.Piper: func(_ context.Context, dir string, item *voicestore.Item) error {
		return prepare(dir, item, piper.Prepare, piper.TextFile)
	},
}

// prepare makes the parts of every network of an item and removes the network,
// which nothing needs any more. main is the part that stands for it.
func prepare(dir string, item *voicestore.Item, makeParts func(network, dir string) error, main string) error {
	done := map[string]bool{}
	for i := range item.Voices {
		parts := item.Voices[i].Parts
		network := parts["model"]
		if network != "" && !done[network] {
			if err := makeParts(filepath.Join(dir, network), dir); err != nil {
				return err
			}
			if err := os.Remove(filepath.Join(dir, network)); err != nil {
				return err
			}
			done[network] = true
		}
		parts["model"] = main
	}
	return nil
}

// prepareKokoro prepares the network, an item of its own, or points a voice to it.
func prepareKokoro(_ context.Context, dir string, item *voicestore.Item) error {
	for i := range item.Voices {
		parts := item.Voices[i].Parts
		if other, _, shared := strings.Cut(parts["model"], "/"); shared {
			parts["model"] = other + "/" + kokoro.NetworkFile
		}
	}
	if item.Kind != voicestore.Data {
		return nil
	}
	networks, err := filepath.Glob(filepath.Join(dir, "*.onnx"))
	if err != nil || len(networks) != 1 {
		return fmt.Errorf("it has %d networks, not 1", len(networks))
	}
	if err := kokoro.Prepare(networks[0], dir); err != nil {
		return err
	}
	return os.Remove(networks[0])
}
