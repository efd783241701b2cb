//go:build unix

package command

import (
	"fmt"
	"os"
)

// openToOthers says what is wrong with a directory of texts and sound that users
// other than its owner and its group may enter; nil if they may not.
func openToOthers(dir string) error {
	st, err := os.Stat(dir)
	if err != nil {
		return nil // others find out, and say so
	}
	if mode := st.Mode().Perm(); mode&0o007 != 0 {
		return fmt.Errorf("%s may be entered by every user of this machine (mode %o): `chmod o-rwx %s` keeps them out", dir, mode, dir)
	}
	return nil
}
