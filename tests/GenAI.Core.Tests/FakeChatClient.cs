using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests;

/// <summary>A chat client that replies what a test says, and remembers what it was asked.</summary>
internal sealed class FakeChatClient : IChatClient
{
    public FakeChatClient(string reply = "")
    {
        OnRespond = (_, _, _) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, reply)));
        OnStream = (_, _, cancellationToken) => Pieces([reply], cancellationToken);
    }

    public Func<IList<ChatMessage>, ChatOptions?, CancellationToken, Task<ChatResponse>> OnRespond { get; set; }

    public Func<IList<ChatMessage>, ChatOptions?, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> OnStream { get; set; }

    public int Calls { get; private set; }

    public IList<ChatMessage> Messages { get; private set; } = [];

    public ChatOptions? Options { get; private set; }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Remember(messages, options);
        return OnRespond(Messages, options, cancellationToken);
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Remember(messages, options);
        return OnStream(Messages, options, cancellationToken);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    public static async IAsyncEnumerable<ChatResponseUpdate> Pieces(IEnumerable<string> pieces, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var piece in pieces)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, piece);
        }
    }

    private void Remember(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        Calls++;
        Messages = [.. messages];
        Options = options;
    }
}
