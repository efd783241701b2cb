package lectern

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
)

// markName is a file in the data directory that says that operations.db was made
// there. It is written once, when that is opened for the first time: where it is and
// the database is not, the database was lost. What else is there tells nothing: it
// may have come by an upload, or from another directory.
const markName = "operations.made"

const markText = `Lectern has made operations.db in this directory. Where this file is and operations.db
is not, Lectern says so when it starts.
`

// mark writes that file, unless it is there.
func mark(data string) error {
	f, err := os.OpenFile(filepath.Join(data, markName), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(markText)
	return errors.Join(err, f.Close())
}

// warnOfLoss says so, before the database is opened, when there is none though there
// was one, or though operations have left something: it was moved or lost, and
// starting with none is not what everybody wants.
func warnOfLoss(log *slog.Logger, data string) {
	database := filepath.Join(data, "operations.db")
	if st, err := os.Stat(database); err == nil && st.Size() > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return
	}
	for _, trace := range []string{markName, "scratch", "staging"} {
		path := filepath.Join(data, trace)
		st, err := os.Stat(path)
		if err != nil {
			continue
		}
		if left, _ := os.ReadDir(path); st.IsDir() && len(left) == 0 {
			continue
		}
		log.Warn("the database is gone or empty: all operations and what was counted of usage are unknown from now on, finished objects are not affected; if that is not meant, stop the server and restore a backup of operations.db",
			"database", database, "trace", path)
		return
	}
}
