package textnorm_test

import (
	"fmt"

	"github.com/lectern/lectern/textnorm"
)

func ExampleNormalizer_Sentence() {
	const text = "Dr. Jones paid $3.50."
	s := textnorm.ForLanguage("en-US").Sentence(text, nil)
	fmt.Println(s.Text)
	for _, w := range s.Words {
		fmt.Printf("%s <- %s\n", w.Of(s.Text), w.Source.Of(text))
	}
	// Output:
	// Doctor Jones paid three dollars and fifty cents.
	// Doctor <- Dr.
	// Jones <- Jones
	// paid <- paid
	// three <- $3.50
	// dollars <- $3.50
	// and <- $3.50
	// fifty <- $3.50
	// cents <- $3.50
}
