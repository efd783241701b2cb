package keys_test

import (
	"path/filepath"
	"testing"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/keys"
)

// What each call costs its caller's credentials: a token that was seen before, one
// that was not, an API key.
func BenchmarkAuthenticate(b *testing.B) {
	store := keys.OpenFile(filepath.Join(b.TempDir(), keys.FileName))
	account, k, err := keys.NewServiceAccount(speakerOf("p"), noon)
	if err != nil {
		b.Fatal(err)
	}
	apiKey, a, err := keys.NewAPIKey(speakerOf("p"), noon)
	if err != nil {
		b.Fatal(err)
	}
	for _, k := range []keys.Key{k, a} {
		if err := keys.Add(b.Context(), store, k); err != nil {
			b.Fatal(err)
		}
	}
	token := sign(b, account, claimsOf(account))
	at := clock{noon}
	fresh := func() *keys.Issuer { return keys.New(keys.Config{Store: store, Now: at.now}) }
	for name, c := range map[string]struct {
		issuer      *keys.Issuer
		credentials auth.Credentials
	}{
		"SeenToken": {fresh(), auth.Credentials{Bearer: token}},
		"NewToken":  {nil, auth.Credentials{Bearer: token}},
		"APIKey":    {fresh(), auth.Credentials{APIKey: apiKey}},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				issuer := c.issuer
				if issuer == nil {
					issuer = fresh() // it reads the file too
				}
				if _, err := issuer.Authenticate(b.Context(), c.credentials); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
