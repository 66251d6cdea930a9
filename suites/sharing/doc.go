// Package sharing proves the article on sharing data between Jobs: what is lost with a pod and what is not, volumes that
// outlive the Jobs that use them, directories that pods of several nodes have at once, ConfigMaps and Secrets, caches,
// object stores, Services between Jobs, formats, metrics and logs.
//
// Whatever a task read is told by the task itself, in its last words, and compared with what another one wrote. Tasks wait
// for one another in the data that they share, never for a time to pass, so that who reads and who writes first is the
// same on a machine of any speed.
package sharing
