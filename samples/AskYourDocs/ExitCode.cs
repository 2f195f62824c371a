namespace AskYourDocs;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Answered = 0;
    public const int NoEvidence = 1;
    public const int WrongCommandLine = 2;
    public const int FolderUnusable = 3;
    public const int ModelFailed = 4;
    public const int IndexUnusable = 5;
    public const int Blocked = 6;
    public const int Cancelled = 130;
}
