using GenAI.Core;
using GenAI.Core.Ingestion;
using Spectre.Console;

namespace AskYourDocs;

/// <summary>One run of the program: a folder is read once, then asked.</summary>
internal sealed class Session(KnowledgeBase knowledgeBase, IAnsiConsole console, string folder)
{
    /// <summary>Reads the folder.</summary>
    /// <returns>Nothing, or the exit code if the folder cannot be used.</returns>
    public async Task<int?> IngestAsync(CancellationToken cancellationToken)
    {
        IngestionSummary summary;
        try
        {
            summary = await console.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
                .StartAsync(context => IngestAsync(context.AddTask("Reading documents"), cancellationToken));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCode.FolderUnusable;
        }

        foreach (var failure in summary.Failures)
            console.MarkupLineInterpolated($"[yellow]Left out {failure.DocumentId}: {failure.Exception.Message}[/]");
        console.MarkupLineInterpolated($"[grey]{summary.Documents - summary.Failed} documents, {summary.ChunksWritten} chunks, {summary.Elapsed.TotalSeconds:0.0} s[/]");
        if (summary.ChunksWritten > 0)
            return null;

        await Console.Error.WriteLineAsync($"There is no text in '{folder}'. Name a folder with .md or .txt files.");
        return ExitCode.FolderUnusable;
    }

    /// <summary>Answers one question and lists what supports the answer.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> AskAsync(string question, CancellationToken cancellationToken)
    {
        // <snippet:sample-ask>
        Answer? answer = null;
        await foreach (var update in knowledgeBase.AskStreamingAsync(question, cancellationToken: cancellationToken))
        {
            console.Write(new Text(update.Text));
            answer = update.Answer ?? answer;
        }
        // </snippet:sample-ask>

        console.WriteLine();
        if (answer is null || answer.Status != AnswerStatus.Answered)
            return ExitCode.NoEvidence;

        console.WriteLine();
        foreach (var citation in answer.Citations)
            await WriteAsync(citation, cancellationToken);
        return ExitCode.Answered;
    }

    /// <summary>Asks for questions until an empty line.</summary>
    public async Task<int> PromptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            console.Markup("\n[bold]Question[/] (empty to leave): ");

            // On another thread: the console's own reader looks at the token before it waits for a line, and not while it does.
            var question = await Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
            if (string.IsNullOrWhiteSpace(question))
                return ExitCode.Answered;

            try
            {
                await AskAsync(question, cancellationToken);
            }
            catch (ArgumentException tooLong)
            {
                console.MarkupLineInterpolated($"[yellow]{tooLong.Message}[/]");
            }
        }
    }

    private async Task<IngestionSummary> IngestAsync(ProgressTask bar, CancellationToken cancellationToken)
    {
        // Not Progress<T>: it would report on other threads after the bar is gone.
        var progress = new ProgressBar(bar);
        var summary = await knowledgeBase.IngestAsync(folder, progress, cancellationToken);
        bar.Value = bar.MaxValue;
        return summary;
    }

    private async Task WriteAsync(Citation citation, CancellationToken cancellationToken)
    {
        console.MarkupLineInterpolated($"[bold][[{citation.Number}]][/] [blue]{citation.DocumentId}[/]:{await LinesAsync(citation, cancellationToken)}");
        console.Write(new Padder(new Text(citation.Quote, new Style(foreground: Color.Grey)), new Padding(4, 0, 0, 1)));
    }

    // The quote's lines in the file. The text is read in the same way as for ingestion, so the range fits, unless somebody has changed the file since.
    private async Task<string> LinesAsync(Citation citation, CancellationToken cancellationToken)
    {
        var file = new FileInfo(Path.Combine(folder, citation.DocumentId));
        var text = file.Exists && await new TextDocumentReader().ReadAsync(file, citation.DocumentId, cancellationToken) is { } document ? document.Text : "";
        if (citation.Range.End > text.Length || !citation.Range.Of(text.AsSpan()).SequenceEqual(citation.Quote))
            return " (changed since it was read)";

        var first = 1 + text.AsSpan(0, citation.Range.Start).Count('\n');
        var last = first + citation.Quote.AsSpan().Count('\n');
        return first == last ? $"{first}" : $"{first}-{last}";
    }

    private sealed class ProgressBar(ProgressTask bar) : IProgress<IngestionProgress>
    {
        public void Report(IngestionProgress value)
        {
            bar.MaxValue = value.DocumentsTotal ?? value.DocumentsDone + 1;
            bar.Value = value.DocumentsDone;
        }
    }
}
