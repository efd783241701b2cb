//go:build unix

package needs

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Postgres is a PostgreSQL server of this test process's own, on loopback, in a
// directory that goes with it. All tests of the process share it; each makes a
// database. TestMain calls [Tidy] at the end.
//
// It is started from Debian's package. Its programs refuse to run as root: then they
// run as the user postgres, whom the package makes.
func Postgres(t testing.TB) *Cluster {
	t.Helper()
	cluster.once.Do(func() { cluster.err = cluster.begin() })
	if cluster.err != nil {
		Missing(t, "PostgreSQL cannot be started (scripts/install test gets it): %s", cluster.err)
	}
	return &cluster
}

// Tidy stops what the process's tests have started.
func Tidy() { cluster.end() }

// StartPostgres is such a server for who is no test. It waits for its disk, as an
// operator's does. Whoever starts it calls End.
func StartPostgres() (*Cluster, error) {
	c := &Cluster{durable: true}
	if err := c.begin(); err != nil {
		c.End()
		return nil, err
	}
	return c, nil
}

// End stops the server and removes what it held.
func (c *Cluster) End() { c.end() }

// Cluster is a PostgreSQL server.
type Cluster struct {
	once    sync.Once
	err     error
	durable bool // what it has committed survives a power cut
	dir     string
	bin     string
	as      *syscall.Credential // nil for this process's own user
	port    int
	run     *exec.Cmd
	gone    chan struct{} // closed when run has ended
}

var cluster Cluster

// startTime is how long the server may take until it answers.
const startTime = 30 * time.Second

// URL is the address of a database on the server.
func (c *Cluster) URL(database string) string {
	return fmt.Sprintf("postgres://postgres@%s/%s?sslmode=disable", c.Address(), database)
}

// Address is the server's HOST:PORT.
func (c *Cluster) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)) }

// Log is what the server has told so far.
func (c *Cluster) Log() string {
	said, _ := os.ReadFile(filepath.Join(c.dir, "log"))
	return string(said)
}

// begin makes a cluster and starts it.
func (c *Cluster) begin() (err error) {
	if c.bin, err = postgresPrograms(); err != nil {
		return err
	}
	if c.dir, err = os.MkdirTemp("", "pg"); err != nil {
		return err
	}
	if os.Getuid() == 0 {
		if c.as, err = postgresUser(); err != nil {
			return err
		}
		if err := os.Chown(c.dir, int(c.as.Uid), int(c.as.Gid)); err != nil {
			return err
		}
	}
	if out, err := c.command("initdb", "--no-sync", "-D", c.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C").CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, bytes.TrimSpace(out))
	}
	if err := c.configure(); err != nil {
		return err
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	c.port = free.Addr().(*net.TCPAddr).Port
	if err := free.Close(); err != nil {
		return err
	}
	return c.Start()
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// command is one of PostgreSQL's programs.
func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = attributes(c.as)
	return cmd
}

// Start starts the server, after Crash too, and waits until it answers. A power cut
// would lose what it holds, a kill does not.
func (c *Cluster) Start() error {
	log, err := os.OpenFile(filepath.Join(c.dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	c.run = c.command("postgres", "-D", c.data(), "-k", c.dir, "-p", strconv.Itoa(c.port), "-c", "listen_addresses=127.0.0.1")
	c.run.Stdout, c.run.Stderr = log, log
	c.gone = make(chan struct{})
	began := make(chan error, 1)
	go func() {
		// The server ends with the thread that started it, see attributes.
		lockThread()
		err := c.run.Start()
		began <- err
		if err == nil {
			_ = c.run.Wait()
		}
		close(c.gone)
		select {}
	}()
	if err := <-began; err != nil {
		return err
	}
	return c.awaitAnswer()
}

// settings are in a file, so that a benchmark can change them.
const settings = `
max_connections = 300
shared_buffers = 128MB
max_wal_size = 1GB
`

func (c *Cluster) configure() error {
	file, err := os.OpenFile(filepath.Join(c.data(), "postgresql.conf"), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	said := settings
	if !c.durable { // tests have no need of what survives a power cut
		said += "fsync = off\n"
	}
	_, err = file.WriteString(said)
	return errors.Join(err, file.Close())
}

func (c *Cluster) awaitAnswer() error {
	deadline := time.NewTimer(startTime)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if c.command("pg_isready", "-q", "-h", "127.0.0.1", "-p", strconv.Itoa(c.port)).Run() == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-c.gone:
			said, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			return fmt.Errorf("the server has ended at once: %s", bytes.TrimSpace(said))
		case <-deadline.C:
			return fmt.Errorf("the server does not answer within %s", startTime)
		}
	}
}

// Crash ends the server as it does when one of its processes has died: at once, and
// with something to recover at the next start.
func (c *Cluster) Crash() error {
	err := c.run.Process.Signal(syscall.SIGQUIT)
	<-c.gone
	return err
}

func (c *Cluster) end() {
	if c.gone != nil {
		_ = c.run.Process.Signal(syscall.SIGQUIT)
		<-c.gone
	}
	if c.dir != "" {
		_ = os.RemoveAll(c.dir)
	}
}

// postgresPrograms is the directory of the newest version's programs.
func postgresPrograms() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		path, err := exec.LookPath("initdb")
		if err != nil {
			return "", fmt.Errorf("there is no initdb in /usr/lib/postgresql, nor on PATH")
		}
		found = append(found, path)
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(newest), nil
}

func postgresUser() (*syscall.Credential, error) {
	who, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("root cannot run it, and there is no user postgres: %w", err)
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}
