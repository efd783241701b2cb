package voices_test

import (
	"fmt"
	"log"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/speech"
)

// Voices are chosen by language and gender, by their names, or by Google's. Whoever
// has engines open finds the catalogue there: engine.Engine.Catalogue.
func ExampleCatalogue_Match() {
	catalogue, err := voices.New([]speech.Voice{
		{Name: "en-US-Ann", Languages: []string{"en-US"}, Gender: speech.Female, NaturalSampleRateHertz: 24000, EngineName: "ann"},
		{Name: "en-US-Bob", Languages: []string{"en-US"}, Gender: speech.Male, NaturalSampleRateHertz: 24000, EngineName: "bob"},
	}, voices.Names{Google: voices.GoogleServed}, nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, wish := range []voices.Wish{
		{Language: "en-US"},
		{Language: "en-US", Gender: speech.Male},
		{Language: "en-GB"},
		{Language: "en-US", Name: "en-US-Neural2-D"},
		{Language: "fr-FR"},
	} {
		voice, err := catalogue.Match(wish)
		if err != nil {
			fmt.Println(wish.Language, "has none")
			continue
		}
		fmt.Printf("%s %q: %s\n", wish.Language, wish.Name, catalogue.Speaker(voice).Name)
	}
	// Output:
	// en-US "": en-US-Ann
	// en-US "": en-US-Bob
	// en-GB "": en-US-Ann
	// en-US "en-US-Neural2-D": en-US-Bob
	// fr-FR has none
}
