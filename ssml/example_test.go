package ssml_test

import (
	"fmt"
	"log"

	"github.com/lectern/lectern/ssml"
)

func ExampleParse() {
	document, err := ssml.Parse(`<speak>
  <p>The <sub alias="World Wide Web Consortium">W3C</sub> says: <break time="250ms"/> hello.</p>
</speak>`, ssml.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	for segment := range document.Segments() {
		switch segment.Kind {
		case ssml.Text:
			fmt.Printf("say %q\n", segment.Text)
		case ssml.Break:
			fmt.Printf("wait %v\n", segment.Pause)
		default:
			fmt.Println(segment.Kind)
		}
	}
	// Output:
	// paragraph start
	// say "The World Wide Web Consortium says: "
	// wait 250ms
	// say " hello."
	// paragraph end
}

// An error names the place and what to do.
func ExampleParse_error() {
	_, err := ssml.Parse("<speak>\n  <break time='3 s'/>\n</speak>", ssml.Limits{})
	fmt.Println(err)
	// Output:
	// INVALID_ARGUMENT: line 2, column 10: The attribute "time" of <break> is "3 s", it must be a number and a unit (s or ms) without a space, such as "3s" or "250ms".
}

// What is special in a text are its spans; a change of style ends it, but not
// the sentence.
func ExampleDocument_Segments() {
	document, err := ssml.Parse(`<speak>You say <phoneme alphabet="ipa" ph="pɪˈkɑːn">pecan</phoneme>,
<prosody rate="slow" pitch="-2st">she</prosody> says <mark name="hers"/>it at <say-as interpret-as="time">2:30pm</say-as>.</speak>`, ssml.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	for s := range document.Segments() {
		fmt.Printf("%q at rate %v, pitch %v\n", s.Text, s.Style.Rate, s.Style.PitchSemitones)
		for _, span := range s.Spans {
			switch {
			case span.Mark != "":
				fmt.Printf("  byte %d: mark %s\n", span.Start, span.Mark)
			case span.IPA != "":
				fmt.Printf("  %q: /%s/\n", s.Text[span.Start:span.End], span.IPA)
			case span.SayAs != nil:
				fmt.Printf("  %q: %s\n", s.Text[span.Start:span.End], span.SayAs.InterpretAs)
			}
		}
	}
	// Output:
	// "You say pecan,\n" at rate 1, pitch 0
	//   "pecan": /pɪˈkɑːn/
	// "she" at rate 0.75, pitch -2
	// " says it at 2:30pm." at rate 1, pitch 0
	//   byte 6: mark hers
	//   "2:30pm": time
}

func ExampleMarkup() {
	for s := range ssml.Markup("Ready? [pause long] Go.") {
		if s.Kind == ssml.Break {
			fmt.Println("wait", s.Pause)
		} else {
			fmt.Printf("say %q\n", s.Text)
		}
	}
	// Output:
	// say "Ready? "
	// wait 1s
	// say " Go."
}
