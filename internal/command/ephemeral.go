package command

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/lectern/lectern"
	"github.com/lectern/lectern/internal/config"
)

// keeper is where a program learns that nobody can want it any more: the pipe of its
// standard input, which ends with whoever holds the other end, and its parent.
type keeper struct {
	stdin  io.Reader // nil when it says nothing
	parent func() int
}

// keeperOf is that of this process. A terminal, a file and /dev/null say nothing: they
// end, or not, whoever lives.
func keeperOf(stdin io.Reader) keeper {
	k := keeper{stdin: stdin, parent: os.Getppid}
	if file, ok := stdin.(*os.File); ok {
		if st, err := file.Stat(); err != nil || st.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) == 0 {
			k.stdin = nil
		}
	}
	return k
}

// parentInterval is how long a server may outlive its parent, about. To ask is a call
// of the system.
const parentInterval = 250 * time.Millisecond

// until is ctx until nobody keeps the program.
func (k keeper) until(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if k.stdin != nil {
		go func() { // until the process ends, if the pipe does not
			_, _ = io.Copy(io.Discard, k.stdin)
			cancel()
		}()
	}
	go func() {
		first := k.parent()
		tick := time.NewTicker(parentInterval)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if k.parent() != first {
				cancel()
			}
		}
	}()
	return ctx, cancel
}

// printAddress tells another program where the server is, in one line.
func printAddress(env *environment, s *lectern.Server, c config.Config) error {
	return json.NewEncoder(env.stdout).Encode(struct {
		Address string `json:"address"`
		URL     string `json:"url"`
		Buckets string `json:"buckets"`
	}{s.Addr().String(), whereServed(c, s.Addr()), filepath.Join(s.Data(), "buckets")})
}
