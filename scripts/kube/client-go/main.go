// What a controller does, by the stock client library: the test of tools runs it through `daas gateway`.
// It writes one line of JSON for each step, and ends with another code than 0 at the first that fails.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

const selector = "suite=client-go"

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(err)
	client, err := kubernetes.NewForConfig(config)
	must(err)
	version, err := client.Discovery().ServerVersion()
	must(err)
	say("version", version.GitVersion)

	maps := client.CoreV1().ConfigMaps(os.Args[1])
	seen, err := maps.Watch(ctx, metav1.ListOptions{LabelSelector: selector})
	must(err)

	var all sync.WaitGroup
	for i := range 5 {
		all.Go(func() {
			name := fmt.Sprintf("go-%d", i)
			_, err := maps.Create(ctx, &v1.ConfigMap{
				ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"suite": "client-go"}},
				BinaryData: map[string][]byte{"bytes": {0, 255, 10, byte(i)}},
			}, metav1.CreateOptions{})
			must(err)
		})
	}
	all.Wait()
	say("created", 5)
	added := 0
	for added < 5 {
		event := <-seen.ResultChan()
		if event.Type != watch.Added {
			must(fmt.Errorf("the watch says %s %v", event.Type, event.Object))
		}
		added++
	}
	seen.Stop()
	say("watched", added)

	pages, token, items := 0, "", 0
	for {
		page, err := maps.List(ctx, metav1.ListOptions{LabelSelector: selector, Limit: 2, Continue: token})
		must(err)
		pages, items, token = pages+1, items+len(page.Items), page.Continue
		if token == "" {
			break
		}
	}
	say("listed", []int{pages, items})

	patch := []byte(`{"data":{"k":"v"}}`)
	_, err = maps.Patch(ctx, "go-0", types.MergePatchType, patch, metav1.PatchOptions{})
	must(err)
	got, err := maps.Get(ctx, "go-0", metav1.GetOptions{})
	must(err)
	say("got", []any{got.Data["k"], got.BinaryData["bytes"]})
	got.ResourceVersion = "1"
	_, err = maps.Update(ctx, got, metav1.UpdateOptions{})
	say("conflict", errors.IsConflict(err))
	must(maps.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: selector}))
	_, err = maps.Get(ctx, "go-0", metav1.GetOptions{})
	say("gone", errors.IsNotFound(err))
}

func say(step string, what any) {
	text, err := json.Marshal(map[string]any{"step": step, "what": what})
	must(err)
	fmt.Println(string(text))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
