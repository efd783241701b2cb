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
	// INVALID_ARGUMENT: line 2, column 10: The attribute "time" of <break> is "3 s", it must be a number and a unit without a space, such as "3s" or "250ms".
}
