package lro

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"io"
	"time"

	"github.com/lectern/lectern/fault"
)

// pageTokens makes and checks page tokens: the place of the last operation on
// a page, sealed together with the list that it belongs to. A token gives no
// rights; the seal keeps clients from making places up and from going on with
// another list.
type pageTokens struct{ secret []byte }

// place is where a page ended.
type place struct {
	created time.Time
	id      string
}

// sealLength is half of an HMAC-SHA256, as RFC 2104 section 5 allows.
const sealLength = 16

// mint seals p for the list that scope describes.
func (t pageTokens) mint(p place, scope ...string) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(p.created.UnixMicro()))
	b = append(b, p.id...)
	return base64.RawURLEncoding.EncodeToString(append(b, t.seal(b, scope)...))
}

// open returns the place in a token that mint made for the same scope.
func (t pageTokens) open(token string, scope ...string) (place, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) < 8+sealLength {
		return place{}, badPageToken()
	}
	b, seal := b[:len(b)-sealLength], b[len(b)-sealLength:]
	if !hmac.Equal(seal, t.seal(b, scope)) {
		return place{}, badPageToken()
	}
	created := time.UnixMicro(int64(binary.BigEndian.Uint64(b))).UTC()
	return place{created: created, id: string(b[8:])}, nil
}

func (t pageTokens) seal(body []byte, scope []string) []byte {
	mac := hmac.New(sha256.New, t.secret)
	mac.Write(body)
	for _, s := range scope {
		// The length in front keeps ("ab", "c") and ("a", "bc") apart.
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(s))))
		_, _ = io.WriteString(mac, s)
	}
	return mac.Sum(nil)[:sealLength]
}

func badPageToken() error {
	return fault.Invalid("page_token", "This page token does not belong to this list. Use next_page_token of the previous answer with the same name and filter, or leave it empty to begin again.")
}
