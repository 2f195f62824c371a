using GenAI.Core;
using GenAI.Core.Guardrails;
using GenAI.Core.Ingestion;
using Spectre.Console;

namespace AskYourDocs;

/// <summary>One run of the program: the index is brought up to date with a folder, then asked.</summary>
internal sealed class Session(KnowledgeBase knowledgeBase, IAnsiConsole console, string folder, string? indexFolder)
{
    /// <summary>Opens the index, before any document is read for it.</summary>
    /// <returns>Nothing, or the exit code if it cannot be used.</returns>
    public async Task<int?> OpenIndexAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            await Console.Error.WriteLineAsync($"There is no folder '{Path.GetFullPath(folder)}'. Name the folder with your documents.");
            return ExitCode.FolderUnusable;
        }

        try
        {
            // An index that another embedder made, such as before the model came into the box, is made over; one of this embedder is only opened.
            var embedded = await knowledgeBase.ReembedAsync(cancellationToken: cancellationToken);
            if (embedded > 0)
                console.MarkupLineInterpolated($"[grey]The index was made by another embedder: {embedded} chunks embedded anew.[/]");
            await knowledgeBase.SearchAsync("anything", top: 1, cancellationToken: cancellationToken);
            return null;
        }
        catch (Exception exception) when (indexFolder is not null && exception is IOException or UnauthorizedAccessException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"The index in '{Path.GetFullPath(indexFolder!)}' cannot be used: {exception.Message}\nWith --index DIR it is kept elsewhere, with --no-index in memory.");
            return ExitCode.IndexUnusable;
        }
    }

    /// <summary>Reads what is new in the folder.</summary>
    /// <returns>Nothing, or the exit code if the folder cannot be used.</returns>
    public async Task<int?> IngestAsync(CancellationToken cancellationToken)
    {
        IngestionSummary summary;
        try
        {
            summary = await console.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
                .StartAsync(context => IngestAsync(context.AddTask("Reading documents"), cancellationToken));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCode.FolderUnusable;
        }

        foreach (var failure in summary.Failures)
            console.MarkupLineInterpolated($"[yellow]Left out {failure.DocumentId}: {failure.Exception.Message}[/]");
        console.MarkupLineInterpolated($"[grey]{summary.Added} new, {summary.Updated} changed, {summary.Unchanged} unchanged, {summary.Removed} removed; {summary.ChunksEmbedded} chunks embedded, {summary.Elapsed.TotalSeconds:0.0} s[/]");
        if (summary.Added + summary.Updated + summary.Unchanged > 0)
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
        if (answer?.Status == AnswerStatus.Blocked)
            return ExitCode.Blocked;
        if (answer is null || answer.Status != AnswerStatus.Answered)
            return ExitCode.NoEvidence;

        console.WriteLine();
        foreach (var claim in answer.Claims)
            Write(claim);
        foreach (var citation in answer.Citations)
            await WriteAsync(citation, cancellationToken);
        return ExitCode.Answered;
    }

    /// <summary>Shows what a guardrail decided: where, and by which rules. What it found stays unsaid.</summary>
    public static void Show(GuardrailDecision decision) =>
        AnsiConsole.Console.MarkupLineInterpolated($"[yellow]{decision.Guardrail}: {decision.Outcome} at {decision.Stage} ({string.Join(", ", decision.Findings.Select(finding => finding.Rule).Distinct())})[/]");

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

    // What is supported needs no words: its citation follows.
    private void Write(Claim claim)
    {
        if (claim.Verdict is ClaimVerdict.Supported or ClaimVerdict.NotCheckable)
            return;
        console.MarkupLineInterpolated($"[yellow]{claim.Verdict}[/]: {claim.Text}");
        foreach (var failure in claim.Failures)
            console.MarkupLineInterpolated($"    [grey]{failure.Reason}[/]");
    }

    private async Task WriteAsync(Citation citation, CancellationToken cancellationToken)
    {
        var lines = await LinesAsync(citation, cancellationToken);
        console.MarkupLineInterpolated($"[bold][[{citation.Number}]][/] [blue]{citation.DocumentId}[/]{lines}");
        console.Write(new Padder(new Text(citation.Quote, new Style(foreground: Color.Grey)), new Padding(4, 0, 0, 1)));
    }

    // The quote's lines in the file, which may have changed since it was read. The text is read in the same way as for ingestion, so the range fits.
    private static async Task<string> LinesAsync(Citation citation, CancellationToken cancellationToken)
    {
        if (citation.Source is not { IsFile: true } source || !File.Exists(source.LocalPath))
            return " (no longer there)";
        var document = await new TextDocumentReader().ReadAsync(new FileInfo(source.LocalPath), citation.DocumentId, cancellationToken);
        var text = document!.Text;
        if (citation.Range.End > text.Length || citation.Range.Of(text) != citation.Quote)
            return " (changed since it was read)";
        var first = 1 + text.AsSpan(0, citation.Range.Start).Count('\n');
        var last = first + citation.Quote.AsSpan().Count('\n');
        return first == last ? $":{first}" : $":{first}-{last}";
    }

    private sealed class ProgressBar(ProgressTask bar) : IProgress<IngestionProgress>
    {
        public void Report(IngestionProgress value)
        {
            bar.MaxValue = value.BytesTotal ?? value.BytesDone + 1;
            bar.Value = value.BytesDone;
        }
    }
}
