package openai

// Formats are the names of the encodings that are asked of the pipeline.
func Formats() (names []string) {
	for _, f := range formats {
		names = append(names, f.encoding)
	}
	return names
}
