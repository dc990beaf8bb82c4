using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Imputation.Tests.Reports;

/// <summary>A headless Chromium with one page, spoken to over the DevTools protocol.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject>> _waiting = new();
    private readonly Task _reading;
    private string? _session;
    private int _commands;

    private Browser(Process process, string profile, ClientWebSocket socket)
    {
        _process = process;
        _profile = profile;
        _socket = socket;
        _reading = Task.Run(Read);
    }

    /// <summary>What the page told by itself: method and parameters.</summary>
    public ConcurrentQueue<(string Method, JsonObject Parameters)> Events { get; } = new();

    /// <summary>A browser of this machine: CHROMIUM, or one that is found where programs are; null where there is none.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named) return File.Exists(named) ? named : null;
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries).Append("/usr/bin").Append("/snap/bin");
        return folders.SelectMany(_ => Names, Path.Combine).Append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Starts a browser with an empty page in which everything that happens is told.</summary>
    public static async Task<Browser> Start(string path)
    {
        string profile = Directory.CreateTempSubdirectory("impute-browser-").FullName;
        var start = new ProcessStartInfo(path) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string option in new[]
        {
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
                "--no-default-browser-check", "--disable-extensions",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
                "--hide-scrollbars",
            "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
        }) start.ArgumentList.Add(option);
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            string[] address = await Address(Path.Combine(profile, "DevToolsActivePort"), process);
            var socket = new ClientWebSocket();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{address[0]}{address[1]}"), patience.Token);
            var browser = new Browser(process, profile, socket);
            JsonObject target = await browser.Send("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
            JsonObject attached = await browser.Send("Target.attachToTarget",
                new JsonObject { ["targetId"] = target["targetId"]!.GetValue<string>(), ["flatten"] = true });
            browser._session = attached["sessionId"]!.GetValue<string>();
            foreach (string domain in new[] { "Page", "Runtime", "Log", "Network", "Security" }) await browser.Send($"{domain}.enable");
            return browser;
        }
        catch
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Sends a command to the page and waits for its result.</summary>
    public async Task<JsonObject> Send(string method, JsonObject? parameters = null)
    {
        int id = Interlocked.Increment(ref _commands);
        var answer = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };
        if (_session is not null) command["sessionId"] = _session;
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, true, _closing.Token);
        JsonObject message = await answer.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return message["error"] is { } error ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}")
            : message["result"]!.AsObject();
    }

    /// <summary>The window's size in pixels of the page, as on a phone or a desk.</summary>
    public Task Resize(int width, int height) =>
        Send("Emulation.setDeviceMetricsOverride", new JsonObject
        {
            ["width"] = width,
            ["height"] = height,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = width < 600
        });

    /// <summary>light or dark, on a screen or in print.</summary>
    public Task Theme(string scheme, string media = "") => Send("Emulation.setEmulatedMedia",
        new JsonObject
        {
            ["media"] = media,
            ["features"] = new JsonArray(new JsonObject
            {
                ["name"] = "prefers-color-scheme",
                ["value"] = scheme
            })
        });

    /// <summary>Opens a page and waits until it is there.</summary>
    public async Task Open(string address)
    {
        Events.Clear();
        await Send("Page.navigate", new JsonObject { ["url"] = address });
        var patience = Stopwatch.StartNew();
        while (!Events.Any(e => e.Method == "Page.loadEventFired"))
        {
            if (patience.Elapsed > TimeSpan.FromSeconds(60)) throw new TimeoutException($"{address} was not loaded within a minute.");
            await Task.Delay(20);
        }
    }

    /// <summary>The value of an expression in the page.</summary>
    public async Task<JsonNode?> Evaluate(string expression)
    {
        JsonObject result = await Send("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true });
        if (result["exceptionDetails"] is { } thrown) throw new InvalidOperationException(thrown.ToJsonString());
        return result["result"]!["value"]?.DeepClone();
    }

    /// <summary>A part of the page as a PNG picture.</summary>
    public async Task<byte[]> Picture(double y, double width, double height)
    {
        JsonObject shot = await Send("Page.captureScreenshot", new JsonObject
        {
            ["format"] = "png",
            ["captureBeyondViewport"] = true,
            ["clip"] = new JsonObject { ["x"] = 0, ["y"] = y, ["width"] = width, ["height"] = height, ["scale"] = 1 },
        });
        return Convert.FromBase64String(shot["data"]!.GetValue<string>());
    }

    /// <summary>What went wrong in the page: messages of the console, errors, exceptions.</summary>
    public string[] Complaints() =>
        [.. Events.Where(e => e.Method is "Log.entryAdded" or "Runtime.exceptionThrown" or "Runtime.consoleAPICalled"
            or "Network.loadingFailed").Select(e => $"{e.Method} {e.Parameters.ToJsonString()}")];

    /// <summary>Everything that the page asked for, itself included.</summary>
    public string[] Requests() => [.. Events.Where(e => e.Method == "Network.requestWillBeSent")
        .Select(e => e.Parameters["request"]!["url"]!.GetValue<string>())];

    public async ValueTask DisposeAsync()
    {
        _session = null;
        try { await Send("Browser.close").WaitAsync(TimeSpan.FromSeconds(5)); }
        catch (Exception e) when (e is TimeoutException or WebSocketException or OperationCanceledException
            or InvalidOperationException)
        { }
        _closing.Cancel();
        await _reading;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try { await _process.WaitForExitAsync(patience.Token); }
        catch (OperationCanceledException) { _process.Kill(entireProcessTree: true); }
        _socket.Dispose();
        _process.Dispose();
        _closing.Dispose();
        try { Directory.Delete(_profile, recursive: true); }
        catch (IOException) { } // a last child of the browser may still be writing there
    }

    /// <summary>Port and path that the browser writes down as soon as it listens.</summary>
    private static async Task<string[]> Address(string file, Process process)
    {
        var patience = Stopwatch.StartNew();
        while (true)
        {
            if (File.Exists(file) && await File.ReadAllLinesAsync(file) is [_, { Length: > 0 }, ..] lines) return lines;
            if (process.HasExited)
                throw new InvalidOperationException($"The browser ended with exit code {process.ExitCode} before it listened.");
            if (patience.Elapsed > TimeSpan.FromSeconds(60)) throw new TimeoutException("The browser did not listen within a minute.");
            await Task.Delay(50);
        }
    }

    private async Task Read()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(buffer.AsMemory(), _closing.Token);
                if (part.MessageType == WebSocketMessageType.Close) break;
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage) continue;
                JsonObject json = JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!.AsObject();
                message.SetLength(0);
                if (json["id"]?.GetValue<int>() is { } id)
                {
                    if (_waiting.TryRemove(id, out TaskCompletionSource<JsonObject>? answer)) answer.SetResult(json);
                }
                else
                {
                    Events.Enqueue((json["method"]!.GetValue<string>(), json["params"]?.AsObject() ?? []));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException) { }
        foreach (TaskCompletionSource<JsonObject> answer in _waiting.Values)
            answer.TrySetException(new InvalidOperationException("The browser is gone."));
    }
}
