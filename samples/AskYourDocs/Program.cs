using System.ClientModel;
using AskYourDocs;
using GenAI.Core;
using GenAI.Core.Guardrails;
using GenAI.Core.Injection;
using GenAI.Core.Leaks;
using GenAI.Core.Onnx;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using Spectre.Console;

if (CommandLine.AsksForHelp(args))
{
    Console.WriteLine(CommandLine.Usage);
    return ExitCode.Answered;
}

var (commandLine, problem) = CommandLine.Parse(args);
if (commandLine is null)
{
    await Console.Error.WriteLineAsync($"{problem}\n\n{CommandLine.Usage}");
    return ExitCode.WrongCommandLine;
}

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl+C ends the work in good order; a second one ends the process.
    pressed.Cancel = !stopping.IsCancellationRequested;
    stopping.Cancel();
};

// <snippet:register>
var services = new ServiceCollection();
services.AddGenAI(genAI =>
{
    // A folder keeps the index for the next time; null keeps it in memory.
    genAI.UseLocalStore(commandLine.IndexFolder);
    genAI.Configure(options => options.Ingestion.RemoveMissing = true);
    if (commandLine.Endpoint is not null)
        genAI.UseChatClient(ChatClient(commandLine.Endpoint, commandLine.Model!));
    else if (commandLine.Model is not null)
        genAI.UseOnnxEmbeddings(commandLine.Model);
    if (commandLine.Reranker is not null)
        genAI.UseOnnxReranker(commandLine.Reranker);

    // A question that attacks the model is not asked, and of documents that talk to the model nothing is quoted.
    genAI.AddGuardrail(new InjectionGuardrail());
    genAI.AddGuardrail(new SecretsGuardrail(stages: GuardrailStages.Input | GuardrailStages.Output));
    if (commandLine.Endpoint is not null)
        genAI.AddGuardrail(new ExfiltrationGuardrail());
    genAI.Configure(options => options.GuardrailOptions.OnDecision = Session.Show);
});
await using var provider = services.BuildServiceProvider();
// </snippet:register>

try
{
    // Local models are loaded here.
    var session = new Session(provider.GetRequiredService<KnowledgeBase>(), AnsiConsole.Console, commandLine.Folder, commandLine.IndexFolder);
    if (await session.OpenIndexAsync(stopping.Token) is { } unusable)
        return unusable;
    if (await session.IngestAsync(stopping.Token) is { } failed)
        return failed;
    return commandLine.Question is { } question
        ? await session.AskAsync(question, stopping.Token)
        : await session.PromptAsync(stopping.Token);
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Cancelled.");
    return ExitCode.Cancelled;
}
catch (ArgumentException unanswerable)
{
    await Console.Error.WriteLineAsync(unanswerable.Message);
    return ExitCode.WrongCommandLine;
}
catch (OnnxModelException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return ExitCode.ModelFailed;
}
catch (Exception exception) when (exception is ClientResultException or HttpRequestException or AggregateException or TaskCanceledException)
{
    await Console.Error.WriteLineAsync($"The model at {commandLine.Endpoint} failed: {exception.Message}\nIs the server running, does it know the model '{commandLine.Model}', and is OPENAI_API_KEY right?");
    return ExitCode.ModelFailed;
}

// <snippet:endpoint>
static IChatClient ChatClient(Uri endpoint, string model)
{
    // Local servers take any key, but the client insists on one.
    var key = Environment.GetEnvironmentVariable("OPENAI_API_KEY") is { Length: > 0 } given ? given : "none";
    return new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = endpoint })
        .GetChatClient(model)
        .AsIChatClient();
}
// </snippet:endpoint>
