package openai

import (
	"net/http"
	"slices"

	"github.com/lectern/lectern/fault"
)

// modelNames are listed for programs that want to see a model before they use it.
// Any other name is as good.
var modelNames = []string{"tts-1", "tts-1-hd", "gpt-4o-mini-tts"}

type model struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Created int64  `json:"created"`
	OwnedBy string `json:"owned_by"`
}

// firstOfMay is when the models were "created": clients want a number.
const firstOfMay = 1777593600

func modelOf(id string) model { return model{id, "model", firstOfMay, "lectern"} }

func (*API) models(w http.ResponseWriter, _ *http.Request) error {
	answer := struct {
		Object string  `json:"object"`
		Data   []model `json:"data"`
	}{Object: "list"}
	for _, id := range modelNames {
		answer.Data = append(answer.Data, modelOf(id))
	}
	return writeJSON(w, http.StatusOK, answer)
}

func (*API) model(w http.ResponseWriter, id string) error {
	if slices.Contains(modelNames, id) {
		return writeJSON(w, http.StatusOK, modelOf(id))
	}
	return refusal{fault.New(fault.NotFound, "The model %s does not exist.", quote(id)).In("model"), "model_not_found", http.StatusNotFound}
}

// speechModels is what Open WebUI asks for.
func (*API) speechModels(w http.ResponseWriter, _ *http.Request) error {
	var answer struct {
		Models []named `json:"models"`
	}
	for _, id := range modelNames {
		answer.Models = append(answer.Models, named{ID: id, Name: id})
	}
	return writeJSON(w, http.StatusOK, answer)
}

// named is an entry of a list that people choose from.
type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}
