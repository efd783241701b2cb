package proxy

import "strings"

// Google's names that are answered for, by the service behind them.
const (
	speech  = "texttospeech"
	storage = "storage"
	Tokens  = "oauth2"
)

// Service is which service of Google's a host is an entrance of, of those that are
// answered for: by its plain name, a region's (us-, us-central1-, .us.rep), or that
// for clients with certificates (.mtls). longrunning.googleapis.com, where some
// clients look for the operations of texttospeech, is an entrance of speech.
func Service(host string) (service string, known bool) {
	name, google := strings.CutSuffix(host, ".googleapis.com")
	if !google {
		return "", false
	}
	if plain, mtls := strings.CutSuffix(name, ".mtls"); mtls {
		name = plain
	}
	region, regional := strings.CutSuffix(name, ".rep")
	switch {
	case name == storage, name == Tokens:
		return name, true
	case name == speech, name == "longrunning", strings.HasSuffix(name, "-"+speech), regional && strings.HasPrefix(region, speech+"."):
		return speech, true
	}
	return "", false
}
