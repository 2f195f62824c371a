using TrainEmbedder;

var (commandLine, problem) = CommandLine.Parse(args);
if (commandLine is null)
{
    await Console.Error.WriteLineAsync($"{problem}\n\n{CommandLine.Usage}");
    return 2;
}

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl+C ends the work in good order; a second one ends the process.
    pressed.Cancel = !stopping.IsCancellationRequested;
    stopping.Cancel();
};

try
{
    switch (commandLine.Command)
    {
        case "adapt":
            return await Adaptation.MakeAsync(commandLine, stopping.Token);
        case "small":
            return await SmallModel.MakeAsync(commandLine, stopping.Token);
        case "measure-adaptation":
            return await Adaptation.MeasureAsync(commandLine, stopping.Token);
        default:
            var corpus = Path.Combine(commandLine.Data!, "corpus-docs");
            foreach (var line in Measurements.Measure(commandLine.Model!, commandLine.Data!, new Split(Records.ReadSections(corpus), Records.ReadQuestions(corpus))))
                Console.WriteLine(line);
            return 0;
    }
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Cancelled.");
    return 130;
}
catch (Exception exception) when (exception is IOException or InvalidDataException or ArgumentException or UnauthorizedAccessException or InvalidOperationException or System.Text.Json.JsonException or KeyNotFoundException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
