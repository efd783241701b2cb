package command

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/ttsapi/client"
)

// serverFlag is --server.
type serverFlag struct{ address string }

func (s *serverFlag) register(cmd *cobra.Command, without string) {
	cmd.Flags().StringVar(&s.address, "server", "", "`ADDRESS` of a server, HOST:PORT, with TLS https://HOST:PORT (default: $LECTERN_SERVER, else "+without+")")
}

// given is the server that was asked for; empty if none was.
func (s *serverFlag) given(env *environment) string {
	if s.address != "" {
		return s.address
	}
	return env.getenv(variable("server"))
}

// dial connects to the server that was asked for, else to the default one.
func (s *serverFlag) dial(ctx context.Context, env *environment) (*client.Client, error) {
	address := s.given(env)
	if address == "" {
		address = config.Default(env.getenv).Listen
	}
	how, err := calling(env.getenv, config.Default(env.getenv).Data)
	if err != nil {
		return nil, err
	}
	// The key not by a flag: everybody on the machine can read those.
	c, err := client.Dial(ctx, address, client.WithTLS(how), client.WithKey(env.getenv(variable("api-key"))))
	return c, badAddress(err)
}

// badAddress makes what is no address a mistake in the command line: nothing was sent.
func badAddress(err error) error {
	if fault.Is(err, fault.InvalidArgument) {
		return usageError{err}
	}
	return err
}
