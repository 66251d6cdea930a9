// Package requests holds the faults that refuse what the Job controller asks of the API server, in one namespace and for a
// stretch of time: an admission policy against one kind of request, a quota that is used up, a namespace that is going.
//
// Nobody can watch for a policy to be in force, so all of them are confirmed by a dry run: somebody with the name of the Job
// controller asks for a pod, and is refused in words that only the fault can have put there.
package requests
