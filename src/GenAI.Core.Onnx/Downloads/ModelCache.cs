namespace GenAI.Core.Onnx.Downloads;

/// <summary>The place of one model in the cache: a folder per commit, complete once it is there, and which commit each branch was last seen at.</summary>
internal sealed class ModelCache
{
    private readonly HubRequest _request;
    private readonly string _root;
    private readonly string _variant;

    public ModelCache(string cache, HubRequest request)
    {
        _request = request;
        _root = Path.Combine(cache, request.Model.Replace("/", "--", StringComparison.Ordinal));
        // Another graph of the same model is another set of files.
        _variant = request.ModelFile?.Replace("/", "--", StringComparison.Ordinal) ?? "default";
    }

    private string RevisionFile => Path.Combine(_root, "revisions", _variant, _request.Revision.Replace("/", "--", StringComparison.Ordinal));

    /// <summary>The complete folder of the revision; null if there is none.</summary>
    public string? Find()
    {
        var commit = _request.IsCommit ? _request.Revision : File.Exists(RevisionFile) ? File.ReadAllText(RevisionFile).Trim() : "";
        return commit.Length > 0 && Directory.Exists(Folder(commit)) ? Folder(commit) : null;
    }

    /// <summary>Fetches what is missing, and returns the folder.</summary>
    public async Task<string> FillAsync(HubSnapshot snapshot, HubClient hub, IProgress<ModelDownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var folder = Folder(snapshot.Commit);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(_root);
            using var locked = await LockFile.TakeAsync(Path.Combine(_root, $"{_variant}.lock"), cancellationToken).ConfigureAwait(false);
            if (!Directory.Exists(folder))
                await FetchAsync(snapshot, hub, folder, progress, cancellationToken).ConfigureAwait(false);
        }

        if (!_request.IsCommit)
            Remember(snapshot.Commit);
        return folder;
    }

    // Everything is fetched into a folder beside, which takes its name when it is complete: in one step, so that nobody sees a part.
    private async Task FetchAsync(HubSnapshot snapshot, HubClient hub, string folder, IProgress<ModelDownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var partial = folder + ".partial";
        var done = 0L;
        foreach (var file in snapshot.Files)
        {
            var path = Path.Combine(partial, file.Path.Replace('/', Path.DirectorySeparatorChar));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var before = done;
            var download = new FileDownload(hub, _request, snapshot.Commit, file, path, bytes => progress?.Report(new ModelDownloadProgress(file.Path, before + bytes, snapshot.TotalBytes)));
            await download.RunAsync(cancellationToken).ConfigureAwait(false);
            done += file.Bytes;
            progress?.Report(new ModelDownloadProgress(file.Path, done, snapshot.TotalBytes));
        }

        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        Directory.Move(partial, folder);
    }

    private void Remember(string commit)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(RevisionFile)!);
        var temporary = $"{RevisionFile}.{Guid.NewGuid():N}";
        File.WriteAllText(temporary, commit);
        File.Move(temporary, RevisionFile, overwrite: true);
    }

    // The last part is the model's name, by which it is known everywhere else.
    private string Folder(string commit) => Path.Combine(_root, commit, _variant, _request.Model.Split('/')[^1]);
}
