package config

import (
	"errors"
	"fmt"

	"github.com/lectern/lectern/bucket"
)

// checkDoor looks at what says who may call.
func (c Config) checkDoor() error {
	switch required := c.Credentials == CredentialsRequired; {
	case !required && c.Credentials != CredentialsNone:
		return fmt.Errorf("--credentials must be %s or %s", CredentialsNone, CredentialsRequired)
	case required && c.InsecureNoAuth:
		return fmt.Errorf("--credentials %s and --insecure-no-auth contradict each other", CredentialsRequired)
	case !required && c.OIDC.Issuer != "":
		return fmt.Errorf("--oidc-issuer needs --credentials %s: else nobody is asked for a token", CredentialsRequired)
	case c.OIDC.Issuer == "" && c.OIDC.Audience != "":
		return errors.New("--oidc-audience needs --oidc-issuer: else no issuer's tokens are accepted")
	case !required && len(c.BucketProjects) > 0:
		return fmt.Errorf("--bucket-project needs --credentials %s: else nobody is of any project", CredentialsRequired)
	}
	if c.OIDC.Issuer != "" {
		if err := c.OIDC.Check(); err != nil {
			return fmt.Errorf("--oidc-issuer: %w", err)
		}
	}
	for name, project := range c.BucketProjects {
		if _, err := bucket.ParseURI("gs://" + name + "/object"); err != nil {
			return fmt.Errorf("--bucket-project %s=%s: %q cannot be a bucket's name", name, project, name)
		}
		if project == "" {
			return fmt.Errorf("--bucket-project %s=… names no project", name)
		}
	}
	return nil
}
