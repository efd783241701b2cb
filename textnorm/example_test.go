package textnorm_test

import (
	"fmt"

	"github.com/lectern/lectern/textnorm"
)

func Example() {
	const text = "Dr. Jones came at 5 p.m. on\nMonday. “Am I late?” he asked.\n\n* * *\n\nNobody knew."
	for sentence := range textnorm.Sentences(text, 0) {
		source := sentence.Of(text)
		if !textnorm.Speakable(source) {
			continue
		}
		fmt.Printf("%q\n", textnorm.Clean(source).Text)
	}
	// Output:
	// "Dr. Jones came at 5 p.m. on Monday."
	// "“Am I late?” he asked."
	// "Nobody knew."
}
