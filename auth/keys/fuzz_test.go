package keys_test

import (
	"testing"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/keys"
)

// Nothing that a stranger makes up lets them in, or brings the server down.
func FuzzAuthenticate(f *testing.F) {
	account, _, err := keys.NewServiceAccount(speakerOf("p"), noon) // a key that is not kept
	if err != nil {
		f.Fatal(err)
	}
	token := sign(f, account, claimsOf(account))
	for _, seed := range []string{
		token, "", "..", "lectern-aaaaaaaaaaaaaaaa-0123456789012345678901234567890123456789012", "lectern--", "eyJhbGciOiJub25lIn0.e30.",
		"eyJhbGciOiJIUzI1NiIsImtpZCI6ImFjY2VzcyJ9.e30.AAAA", signWith(f, "HS256", []byte("a secret of thirty-two bytes ...."), "access", claimsOf(account, m{"key": account.PrivateKeyID})),
	} {
		f.Add(seed)
	}
	store := keys.OpenFile(f.TempDir() + "/" + keys.FileName)
	if _, k, err := keys.NewServiceAccount(speakerOf("p"), noon); err != nil {
		f.Fatal(err)
	} else if err := keys.Add(f.Context(), store, k); err != nil {
		f.Fatal(err)
	}
	at := clock{noon}
	issuer := keys.New(keys.Config{Store: store, Now: at.now})
	f.Fuzz(func(t *testing.T, made string) {
		for _, c := range []auth.Credentials{{Bearer: made}, {APIKey: made}} {
			if p, err := issuer.Authenticate(t.Context(), c); err == nil {
				t.Errorf("%q is %+v", made, p)
			}
		}
		if token, err := issuer.Exchange(t.Context(), keys.GrantType, made); err == nil {
			t.Errorf("%q is exchanged for %+v", made, token)
		}
	})
}
