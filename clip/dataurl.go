package clip

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/lectern/lectern/fault"
)

// dataURL decodes what follows "data:" (RFC 2397). White space is dropped from
// base64, which wraps in documents; its padding may be missing, and both
// alphabets are taken.
func dataURL(rest string, most int64) ([]byte, error) {
	kind, text, ok := strings.Cut(rest, ",")
	if !ok {
		return nil, fault.New(fault.InvalidArgument, "The clip's data: address has no comma before its bytes.")
	}
	if int64(len(text)) > 4*most {
		return nil, tooLarge(most) // even if every byte were a %XX and in base64 beside
	}
	// A plus sign stands for itself in either form.
	text, err := url.PathUnescape(text)
	if err != nil {
		return nil, fault.New(fault.InvalidArgument, "The clip's data: address has a %% without two hexadecimal digits.").Because(err)
	}
	decoded := []byte(text)
	if at := strings.LastIndex(kind, ";"); at >= 0 && strings.EqualFold(strings.TrimSpace(kind[at+1:]), "base64") {
		if decoded, err = base64.RawStdEncoding.DecodeString(base64Alphabet.Replace(text)); err != nil {
			return nil, fault.New(fault.InvalidArgument, "The clip's data: address is not base64.").Because(err)
		}
	}
	if int64(len(decoded)) > most {
		return nil, tooLarge(most)
	}
	return decoded, nil
}

var base64Alphabet = strings.NewReplacer(" ", "", "\t", "", "\n", "", "\r", "", "=", "", "-", "+", "_", "/")
