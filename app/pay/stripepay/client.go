package stripepay

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

const (
	maxAnswer = 4 << 20 // bytes of one answer of the API
	maxConns  = 32      // at once, so that a slow API does not take all there are
)

// client is an HTTP client with bounds. It follows no redirect: the API has
// none, and the key goes nowhere else.
func client(timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout: timeout,
		Transport: bounded{&http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			ForceAttemptHTTP2:     true,
			MaxConnsPerHost:       maxConns,
			MaxIdleConnsPerHost:   4,
			IdleConnTimeout:       90 * time.Second,
			TLSHandshakeTimeout:   timeout,
			ResponseHeaderTimeout: timeout,
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// bounded ends an answer that is longer than any of the API's.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(r)
	if err == nil {
		resp.Body = http.MaxBytesReader(nil, resp.Body, maxAnswer)
	}
	return resp, err
}

// retryLog logs that the library tries again. Its other lines repeat errors
// that are returned, or answers with addresses of people in them.
type retryLog struct{ log *slog.Logger }

func (retryLog) Debugf(string, ...any) {}
func (retryLog) Infof(string, ...any)  {}
func (retryLog) Errorf(string, ...any) {}

func (l retryLog) Warnf(format string, v ...any) { l.log.Warn("stripe: " + fmt.Sprintf(format, v...)) }
