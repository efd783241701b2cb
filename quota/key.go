package quota

import "strings"

// In the store an account is projects/PROJECT/principals/PRINCIPAL. A project has no
// slash, a principal may.

const between = "/" + principals + "/"

func (a account) key() string { return projects + "/" + a.project + between + a.principal }

// accountOf is the account of a key, if it is one.
func accountOf(key string) (account, bool) {
	rest, ours := strings.CutPrefix(key, projects+"/")
	project, principal, whole := strings.Cut(rest, between)
	return account{project, principal}, ours && whole
}
