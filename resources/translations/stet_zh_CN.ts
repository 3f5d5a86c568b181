<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>stet::ui::RoundSettings</name>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>How far each step goes. Half as far, and what should stay moves half as much.</source>
        <translation>每一步走多远。减半，该保持的部分也少变一半。</translation>
    </message>
    <message>
        <source>Passes over the examples</source>
        <translation>遍历样本的次数</translation>
    </message>
    <message>
        <source>How often each example is learnt from.</source>
        <translation>每个样本学习几次。</translation>
    </message>
    <message>
        <source>Exactly so many steps</source>
        <translation>恰好这么多步</translation>
    </message>
    <message>
        <source>Whatever the passes say.</source>
        <translation>不论遍历几次。</translation>
    </message>
    <message>
        <source>Examples a step</source>
        <translation>每步样本数</translation>
    </message>
    <message>
        <source>More make steps steadier and fewer.</source>
        <translation>越多，步子越稳也越少。</translation>
    </message>
    <message>
        <source>Accepted for each criticised</source>
        <translation>每条批评配几条通过的</translation>
    </message>
    <message>
        <source>−1: all accepted responses are learnt from.</source>
        <translation>−1：学习所有通过的回答。</translation>
    </message>
    <message>
        <source>Imitate what isn&apos;t flagged</source>
        <translation>模仿未标记的部分</translation>
    </message>
    <message>
        <source>Weight of the rest of a criticised response; 0: nothing of it is imitated.</source>
        <translation>被批评回答其余部分的权重；0：完全不模仿。</translation>
    </message>
    <message>
        <source>Hold accepted responses</source>
        <translation>保持通过的回答</translation>
    </message>
    <message>
        <source>Weight of the divergence from the model before, on accepted responses that don&apos;t train.</source>
        <translation>在不参与训练的通过回答上，与训练前模型差异的权重。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Of the order of the examples and of what is drawn.</source>
        <translation>用于样本顺序和抽样。</translation>
    </message>
</context>
<context>
    <name>stet::ui::RoundSettingsPanel</name>
    <message>
        <source>An empty box is as the preset has it. A round keeps the settings that it began with.</source>
        <translation>空格即按预设。训练开始后，设置不再变。</translation>
    </message>
</context>
<context>
    <name>DeviceReason</name>
    <message>
        <source>no GPU: no NVIDIA driver found</source>
        <translation>没有 GPU：未找到 NVIDIA 驱动</translation>
    </message>
    <message>
        <source>no GPU: the NVIDIA driver does not answer</source>
        <translation>没有 GPU：NVIDIA 驱动没有响应</translation>
    </message>
    <message>
        <source>no GPU found</source>
        <translation>未找到 GPU</translation>
    </message>
    <message>
        <source>NVIDIA GPU found</source>
        <translation>已找到 NVIDIA GPU</translation>
    </message>
    <message>
        <source>asked for</source>
        <translation>按指定</translation>
    </message>
</context>
<context>
    <name>HardwareLine</name>
    <message>
        <source>CPU, %1 cores, %2 free · %3</source>
        <translation>CPU，%1 核，可用 %2 · %3</translation>
    </message>
    <message>
        <source>GPU (%1), %2 free · %3</source>
        <translation>GPU（%1），可用 %2 · %3</translation>
    </message>
</context>
<context>
    <name>stet::app::BaselinesController</name>
    <message>
        <source>No response has a revision, which it imitates.</source>
        <translation>没有一条回答带有修订稿，而它要模仿的正是修订稿。</translation>
    </message>
    <message>
        <source>No criticised response has a revision or a demonstration to prefer.</source>
        <translation>没有一条被批评的回答带有可供优先选择的修订稿或示范。</translation>
    </message>
    <message>
        <source>No response is accepted, revised or written anew, and it imitates those.</source>
        <translation>没有一条回答被通过、修订或重写，而它要模仿的正是这些。</translation>
    </message>
    <message>
        <source>No judgment has words, which it learns to say.</source>
        <translation>没有一条评语有文字，而它要学的正是说出评语。</translation>
    </message>
    <message>
        <source>%1, which trains, can&apos;t be started. Install the package stet-trainer, or build Stet again.</source>
        <translation>负责训练的 %1 无法启动。请安装 stet-trainer 软件包，或重新构建 Stet。</translation>
    </message>
    <message>
        <source>%1 (%2 of %3): comparing</source>
        <translation>%1（第 %2 个，共 %3 个）：正在对照</translation>
    </message>
    <message>
        <source>%1 (%2 of %3): training</source>
        <translation>%1（第 %2 个，共 %3 个）：正在训练</translation>
    </message>
    <message>
        <source>Training ended early; start again to go on.</source>
        <translation>训练提前结束；再次开始即可继续。</translation>
    </message>
    <message>
        <source>They start from: %1.</source>
        <translation>起点：%1。</translation>
    </message>
    <message>
        <source>Judgments have changed since these were trained.</source>
        <translation>训练之后评语有了改动。</translation>
    </message>
</context>
<context>
    <name>stet::app::CompareController</name>
    <message>
        <source>Responses that open with “%1”</source>
        <translation>以“%1”开头的回答</translation>
    </message>
    <message>
        <source>Round %1 is trained.</source>
        <translation>第 %1 轮训练完成。</translation>
    </message>
    <message>
        <source>Compare now</source>
        <translation>现在对照</translation>
    </message>
    <message>
        <source>Round %1 is trained. %2</source>
        <translation>第 %1 轮已训练完成。%2</translation>
    </message>
</context>
<context>
    <name>stet::app::DraftController</name>
    <message>
        <source>The model said the response or the instruction again. Nothing is stored.</source>
        <translation>模型只是重复了回答或指令，没有保存任何内容。</translation>
    </message>
    <message>
        <source>The model&apos;s answer did not come to an end. Nothing is stored.</source>
        <translation>模型的话没有说完，没有保存任何内容。</translation>
    </message>
    <message>
        <source>The model answered nothing. Nothing is stored.</source>
        <translation>模型没有作答，没有保存任何内容。</translation>
    </message>
    <message>
        <source>The model is still being loaded; then it can draft judgments.</source>
        <translation>模型仍在载入；载入后即可代拟评语。</translation>
    </message>
    <message>
        <source>The project&apos;s model can&apos;t be asked for a judgment: it has no chat template, or the project uses another prompt style than its. Another model can draft them: stet draft PROJECT --model DIR</source>
        <translation>无法请本项目的模型写评语：它没有对话模板，或者项目没有使用它的对话模板。可以让另一个模型代拟：stet draft PROJECT --model DIR</translation>
    </message>
    <message>
        <source>No response waits for a draft: what waits has a suggestion, or is judged.</source>
        <translation>没有等待代拟的回答：待评的都已有建议，或已评过。</translation>
    </message>
    <message numerus="yes">
        <source>Stopped; %n judgment(s) are drafted.</source>
        <translation>
            <numerusform>已停止；代拟了 %n 条评语。</numerusform>
        </translation>
    </message>
    <message>
        <source>None of the model&apos;s %1 answers is a judgment, so nothing is stored. Larger models judge better: stet draft PROJECT --model DIR</source>
        <translation>模型的 %1 次作答都不是评语，因此没有保存任何内容。更大的模型评得更好：stet draft PROJECT --model DIR</translation>
    </message>
    <message>
        <source>%1 judgments are drafted; they wait under “Drafted”. %2 answers were no judgments.</source>
        <translation>已代拟 %1 条评语，在“代拟”下等待审阅。另有 %2 次作答不是评语。</translation>
    </message>
    <message>
        <source>The model drafts a judgment …</source>
        <translation>模型正在代拟评语…</translation>
    </message>
    <message>
        <source>The model drafts judgments: %1 of %2. They come into “Drafted”.</source>
        <translation>模型正在代拟评语：%1 / %2。它们会出现在“代拟”下。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>stet::app::Findings</name>
    <message numerus="yes">
        <source>%n row(s) can&apos;t be taken and are left out</source>
        <translation>
            <numerusform>%n 行无法读取，已略去</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n response(s) are here already</source>
        <translation>
            <numerusform>%n 个回答项目中已有</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) say the same as an earlier one</source>
        <translation>
            <numerusform>%n 行与前面的某行内容相同</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n judgment(s) are placeholders, such as $ERROR$</source>
        <translation>
            <numerusform>%n 条评语只是占位符，例如 $ERROR$</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n judgment(s) praise, but count as criticism</source>
        <translation>
            <numerusform>%n 条评语是称赞，却记为批评</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n response(s) are criticised without a word</source>
        <translation>
            <numerusform>%n 个回答被批评，却没有评语</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n judgment(s) quote what the response lacks</source>
        <translation>
            <numerusform>%n 条评语引用了回答中没有的话</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n response(s) are empty</source>
        <translation>
            <numerusform>%n 个回答是空的</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n instruction(s) are empty</source>
        <translation>
            <numerusform>%n 条指令是空的</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) have the id of an earlier one</source>
        <translation>
            <numerusform>%n 行的编号与前面的某行相同</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) have the id of another response that is here</source>
        <translation>
            <numerusform>%n 行的编号已属于项目中的另一个回答</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n field(s) mean nothing here and are kept as they came</source>
        <translation>
            <numerusform>%n 个字段在此没有含义，原样保留</numerusform>
        </translation>
    </message>
    <message>
        <source>Leave them out</source>
        <translation>略去</translation>
    </message>
    <message>
        <source>Take the responses as accepted</source>
        <translation>当作已通过的回答</translation>
    </message>
    <message>
        <source>Judge them anew</source>
        <translation>重新评判</translation>
    </message>
    <message>
        <source>Give them new ids</source>
        <translation>换用新编号</translation>
    </message>
    <message>
        <source>row %1</source>
        <translation>第 %1 行</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) were saved in another encoding</source>
        <translation>
            <numerusform>%n 行是以其他编码保存的</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::app::GenerationController</name>
    <message>
        <source>Writing responses was interrupted: %1 of %2 are missing.</source>
        <translation>生成回答时被中断：%2 个中还缺 %1 个。</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>就这样吧</translation>
    </message>
    <message>
        <source>%1 of %2 responses are written.</source>
        <translation>已写好 %1 个回答，共 %2 个。</translation>
    </message>
    <message>
        <source>The base model</source>
        <translation>基础模型</translation>
    </message>
    <message>
        <source>Round %1</source>
        <translation>第 %1 轮</translation>
    </message>
    <message>
        <source>%1 writes responses: %2 of %3. They come into “To do”.</source>
        <translation>%1正在生成回答：第 %2 个，共 %3 个。它们会进入“待办”。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>stet::app::Imported</name>
    <message>
        <source>%1 responses imported: %2 accepted, %3 criticised, %4 to do.</source>
        <translation>已导入 %1 条回答：通过 %2 条，批评 %3 条，待处理 %4 条。</translation>
    </message>
    <message numerus="yes">
        <source>%n instruction(s) came in.</source>
        <translation>
            <numerusform>导入了 %n 条指令。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were there already or are held out.</source>
        <translation>
            <numerusform>%n 条原来就有，或者已留出。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n instruction(s) of them are held out: every round is compared on them, and nothing is trained on responses to them.</source>
        <translation>
            <numerusform>其中 %n 条指令被留出：每一轮都用它们来对照，对它们的回答绝不用于训练。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) were left out, as you said.</source>
        <translation>
            <numerusform>已按您的选择略去 %n 行。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::app::ModelExportController</name>
    <message>
        <source>%1, which writes the model, can&apos;t be started. Install the package stet-trainer, or build Stet again.</source>
        <translation>写出模型的 %1 无法启动。请安装软件包 stet-trainer，或重新构建 Stet。</translation>
    </message>
    <message>
        <source>Cancelled; nothing was written.</source>
        <translation>已取消，没有写出任何内容。</translation>
    </message>
    <message>
        <source>Saved as %1.</source>
        <translation>已保存为 %1。</translation>
    </message>
    <message>
        <source>Saving the model ended early; nothing was written. Try again.</source>
        <translation>保存模型提前结束，没有写出任何内容。请重试。</translation>
    </message>
</context>
<context>
    <name>stet::app::ProjectController</name>
    <message>
        <source>The project is whole: every text is the one that was stored.</source>
        <translation>项目完好：每段文字都与保存时一致。</translation>
    </message>
    <message numerus="yes">
        <source>%n problems were found. First: %1</source>
        <translation>
            <numerusform>发现 %n 个问题。第一个：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, %2 parameters, %3 layers</source>
        <translation>%1，%2 个参数，%3 层</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>weights %1, a round about %2</source>
        <translation>权重 %1，一轮训练约 %2</translation>
    </message>
    <message>
        <source>base model</source>
        <translation>基础模型</translation>
    </message>
    <message>
        <source>round %1 adopted</source>
        <translation>已采用第 %1 轮</translation>
    </message>
    <message>
        <source>Importing …</source>
        <translation>正在导入…</translation>
    </message>
    <message>
        <source>%1 responses exported to %2.</source>
        <translation>已将 %1 条回答导出到 %2。</translation>
    </message>
    <message numerus="yes">
        <source>%n responses written …</source>
        <translation>
            <numerusform>已写出 %n 条回答…</numerusform>
        </translation>
    </message>
    <message>
        <source>Exporting …</source>
        <translation>正在导出…</translation>
    </message>
    <message numerus="yes">
        <source>%n rows read …</source>
        <translation>
            <numerusform>已读 %n 行……</numerusform>
        </translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>正在检查……</translation>
    </message>
    <message>
        <source>Taking the import back …</source>
        <translation>正在撤销导入……</translation>
    </message>
    <message>
        <source>The import of %1 is taken back.</source>
        <translation>已撤销 %1 的导入。</translation>
    </message>
    <message numerus="yes">
        <source>%n response(s) stay: they were judged here.</source>
        <translation>
            <numerusform>%n 个回答已在此评判过，予以保留。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were left out: the format has no place for them.</source>
        <translation>
            <numerusform>略去 %n 个：该格式无法容纳。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::app::ProjectSession</name>
    <message>
        <source>The project is open for reading only. %1</source>
        <translation>项目以只读方式打开。%1</translation>
    </message>
    <message>
        <source>The model can&apos;t be loaded. %1</source>
        <translation>无法加载模型。%1</translation>
    </message>
    <message>
        <source>Choose its folder …</source>
        <translation>选择它的文件夹…</translation>
    </message>
    <message>
        <source>Choose the model&apos;s folder</source>
        <translation>选择模型的文件夹</translation>
    </message>
    <message>
        <source>Choose its file …</source>
        <translation>选择它的文件…</translation>
    </message>
    <message>
        <source>Choose the model&apos;s GGUF file</source>
        <translation>选择模型的 GGUF 文件</translation>
    </message>
    <message>
        <source>GGUF models (*.gguf)</source>
        <translation>GGUF 模型 (*.gguf)</translation>
    </message>
</context>
<context>
    <name>stet::app::RealExample</name>
    <message>
        <source>What fetches the model, %1, can&apos;t be started. Build and start Stet from its own folder.</source>
        <translation>无法启动下载模型的程序 %1。请在 Stet 自己的文件夹中构建并启动它。</translation>
    </message>
    <message>
        <source>Looking for the model …</source>
        <translation>正在查找模型…</translation>
    </message>
    <message>
        <source>Fetching SmolLM2-135M-Instruct: %1 of %2 MB</source>
        <translation>正在下载 SmolLM2-135M-Instruct：%1 / %2 MB</translation>
    </message>
    <message>
        <source>Fetching the model was stopped. Try again.</source>
        <translation>模型的下载被中断。请重试。</translation>
    </message>
    <message>
        <source>Making %1 …</source>
        <translation>正在创建 %1…</translation>
    </message>
</context>
<context>
    <name>stet::app::RoundController</name>
    <message numerus="yes">
        <source>%n examples are cut to the model&apos;s context</source>
        <translation>
            <numerusform>%n 条样本被截短到模型的上下文长度</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n examples lost their judgment by that cut</source>
        <translation>
            <numerusform>其中 %n 条因截短而失去了评语</numerusform>
        </translation>
    </message>
    <message>
        <source>Round %1 was interrupted. It can go on where it stopped.</source>
        <translation>第 %1 轮被中断，可以从停下的地方继续。</translation>
    </message>
    <message>
        <source>Resume the round</source>
        <translation>继续这一轮</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Worker lost</source>
        <translation>工作进程丢失</translation>
    </message>
    <message>
        <source>Go on from the last checkpoint</source>
        <translation>从最近的检查点继续</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Fault of the program</source>
        <translation>程序故障</translation>
    </message>
    <message>
        <source>Not a number</source>
        <translation>不是数值</translation>
    </message>
    <message>
        <source>Keep what was trained until step %1</source>
        <translation>保留到第 %1 步为止的训练结果</translation>
    </message>
</context>
<context>
    <name>stet::app::RoundPreview</name>
    <message>
        <source>The project is open for reading only: no round can be started here.</source>
        <translation>项目以只读方式打开：不能在这里开始训练。</translation>
    </message>
    <message>
        <source>No response is criticised yet. Judge some first.</source>
        <translation>还没有批评任何回答。请先评判几条。</translation>
    </message>
    <message numerus="yes">
        <source>%n judged response(s) are left out: their instructions are held out</source>
        <translation>
            <numerusform>有 %n 个已评的回答不参加训练：它们的指令已留出</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::app::WindowController</name>
    <message>
        <source>Opening %1 …</source>
        <translation>正在打开 %1…</translation>
    </message>
    <message>
        <source>Copying the example …</source>
        <translation>正在复制示例…</translation>
    </message>
    <message>
        <source>Making %1 …</source>
        <translation>正在创建 %1…</translation>
    </message>
    <message>
        <source>%1, %2 parameters; it fits.</source>
        <translation>%1，%2 个参数；放得下。</translation>
    </message>
    <message>
        <source>%1, %2 parameters; it needs %3 and %4 are free.</source>
        <translation>%1，%2 个参数；需要 %3，可用 %4。</translation>
    </message>
    <message>
        <source>A GPU is used when an NVIDIA driver (R580 or newer) and its libraries are there. Now: %1. Worker %2, LibTorch %3.</source>
        <translation>有 NVIDIA 驱动（R580 或更新）及其运行库时会使用 GPU。当前：%1。工作进程 %2，LibTorch %3。</translation>
    </message>
    <message>
        <source>Saving the round&apos;s checkpoint …</source>
        <translation>正在保存这一轮的检查点…</translation>
    </message>
    <message>
        <source>What you typed last could not be saved yet, so the project stays open. %1</source>
        <translation>您最后写下的文字还没有存到磁盘，因此项目仍保持打开。%1</translation>
    </message>
    <message>
        <source>Close without them</source>
        <translation>不保存并关闭</translation>
    </message>
    <message>
        <source>The backup is restored. What was there before is among the backups, too.</source>
        <translation>备份已恢复。之前的内容也在备份之中。</translation>
    </message>
    <message numerus="yes">
        <source>The check found %n thing(s).</source>
        <translation>
            <numerusform>检查发现 %n 处问题。</numerusform>
        </translation>
    </message>
    <message>
        <source>Look at them</source>
        <translation>查看</translation>
    </message>
</context>
<context>
    <name>stet::app::WorkerClient</name>
    <message>
        <source>The worker %1 could not be started: %2</source>
        <translation>无法启动工作进程 %1：%2</translation>
    </message>
    <message>
        <source>The worker is not running; restart it from the status bar.</source>
        <translation>工作进程没有运行；请在状态栏中重新启动。</translation>
    </message>
    <message>
        <source>The worker speaks another version of the protocol than this window; install both from one release.</source>
        <translation>工作进程与本窗口的协议版本不同；请安装同一版本的两者。</translation>
    </message>
    <message>
        <source>The worker was killed, possibly because memory ran out; it is started again.</source>
        <translation>工作进程被终止，可能是内存不足；正在重新启动。</translation>
    </message>
    <message>
        <source>The worker ended by signal %1; it is started again.</source>
        <translation>工作进程因信号 %1 结束；正在重新启动。</translation>
    </message>
    <message>
        <source>The worker ended by itself (code %1); it is started again.</source>
        <translation>工作进程自行结束（代码 %1）；正在重新启动。</translation>
    </message>
    <message>
        <source>The worker was stopped.</source>
        <translation>工作进程已停止。</translation>
    </message>
    <message>
        <source>The worker ended %1 times in three minutes and is not started again by itself. %2</source>
        <translation>工作进程三分钟内结束了 %1 次，不再自动重新启动。%2</translation>
    </message>
    <message>
        <source>The worker was ended to start it again.</source>
        <translation>工作进程已结束，以便重新启动。</translation>
    </message>
    <message>
        <source>The worker sent a line longer than 16 MiB and was ended; it is started again.</source>
        <translation>工作进程发送了超过 16 MiB 的一行，已被结束；正在重新启动。</translation>
    </message>
    <message>
        <source>The worker gave no sign of life for %1 s and was ended; it is started again.</source>
        <translation>工作进程 %1 秒没有响应，已被结束；正在重新启动。</translation>
    </message>
</context>
<context>
    <name>stet::ui::AboutDialog</name>
    <message>
        <source>About Stet</source>
        <translation>关于 Stet</translation>
    </message>
    <message>
        <source>Version %1</source>
        <translation>版本 %1</translation>
    </message>
    <message>
        <source>Stet&apos;s source is under the Apache License 2.0. This program links Qt Charts and may be passed on only under the GNU GPL 3. What else comes with it, and under which licence:</source>
        <translation>Stet 的源代码采用 Apache 许可证 2.0。本程序链接了 Qt Charts，只能依照 GNU GPL 3 转发。随附的其他部分及其许可证：</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Text of the licence</source>
        <translation>许可证全文</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>复制诊断信息</translation>
    </message>
    <message>
        <source>Version, system and worker, for a report; nothing of your projects</source>
        <translation>版本、系统和工作进程，供报告问题时使用；不含项目内容</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>The licences are missing in %1. Install Stet again.</source>
        <translation>%1 中缺少许可证。请重新安装 Stet。</translation>
    </message>
</context>
<context>
    <name>stet::ui::AnnotatePage</name>
    <message>
        <source>Annotate</source>
        <translation>标注</translation>
    </message>
    <message>
        <source>Response and judgment</source>
        <translation>回答与评语</translation>
    </message>
    <message>
        <source>Inspector ▸</source>
        <translation>详情 ▸</translation>
    </message>
    <message>
        <source>Show the inspector</source>
        <translation>显示详情栏</translation>
    </message>
    <message>
        <source>Nothing to judge here</source>
        <translation>这里没有可评判的内容</translation>
    </message>
    <message>
        <source>No response matches this filter. Choose another one, or import responses under Project.</source>
        <translation>没有符合此筛选条件的回答。请选择其他条件，或在“项目”中导入回答。</translation>
    </message>
    <message numerus="yes">
        <source>%n instruction(s) wait for a response by the model.</source>
        <translation>
            <numerusform>有 %n 条指令等着模型回答。</numerusform>
        </translation>
    </message>
    <message>
        <source>Let the model answer …</source>
        <translation>让模型回答……</translation>
    </message>
    <message>
        <source>All done</source>
        <translation>全部完成</translation>
    </message>
    <message>
        <source>Every response has its verdict: %1 criticised, %2 accepted, %3 skipped.
Train on them, or bring in more under Project (%4).</source>
        <translation>每个回答都已评定：%1 个批评，%2 个通过，%3 个跳过。
用它们训练，或在“项目”（%4）中导入更多。</translation>
    </message>
    <message>
        <source>See what will train</source>
        <translation>查看将训练什么</translation>
    </message>
</context>
<context>
    <name>stet::ui::BackupsPanel</name>
    <message>
        <source>Made when the project is opened and every 30 minutes. Restoring first backs up what is there now.</source>
        <translation>打开项目时以及每 30 分钟自动备份一次。恢复之前会先备份现有内容。</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>立即备份</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Restore the backup of %1</source>
        <translation>恢复 %1 的备份</translation>
    </message>
</context>
<context>
    <name>stet::ui::BaselinesPanel</name>
    <message>
        <source>%1 is impossible here. %2</source>
        <translation>%1 在这里无法训练。%2</translation>
    </message>
    <message>
        <source>%1 failed: %2</source>
        <translation>%1失败：%2</translation>
    </message>
    <message>
        <source>A round is being trained; wait for its end.</source>
        <translation>有一轮正在训练；请等它结束。</translation>
    </message>
    <message>
        <source>Other objectives beside CUT</source>
        <translation>CUT 之外的其他目标</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>The same judgments, the same start and as many steps, toward other goals; each is compared on the held-out instructions. They are kept apart from the rounds and never become the project&apos;s model.</source>
        <translation>同样的评语、同样的起点、同样的步数，换成其他训练目标；每一种都在留出的指令上对照。它们与各轮训练分开存放，永远不会成为项目的模型。</translation>
    </message>
    <message>
        <source>Train and compare</source>
        <translation>训练并对照</translation>
    </message>
    <message>
        <source>All of them anew</source>
        <translation>全部重新训练</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>How far the objective is</source>
        <translation>当前目标的进度</translation>
    </message>
    <message>
        <source>What came of each objective</source>
        <translation>每种目标的结果</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Criticised words</source>
        <translation>被批评的词</translation>
    </message>
    <message>
        <source>Accepted responses</source>
        <translation>通过的回答</translation>
    </message>
    <message>
        <source>Moved (KL)</source>
        <translation>偏移（KL）</translation>
    </message>
    <message>
        <source>Responses changed</source>
        <translation>变化的回答</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Mean log-probability of a flagged token, before and after</source>
        <translation>标记为不当的词元的平均对数概率，训练前后</translation>
    </message>
    <message>
        <source>Mean log-probability of a token, before and after</source>
        <translation>词元的平均对数概率，训练前后</translation>
    </message>
</context>
<context>
    <name>stet::ui::Coach</name>
    <message>
        <source>This reads like praise. If the response is good, choose Accept instead.</source>
        <translation>这看起来像表扬。如果回答没有问题，请改选“通过”。</translation>
    </message>
    <message>
        <source>You quote “%1”, but the response doesn&apos;t contain it.</source>
        <translation>您引用了“%1”，但回答中没有这段文字。</translation>
    </message>
    <message>
        <source>No token lights up: training would not learn from this judgment. Name the wrong words, mark them by hand, or leave the response out.</source>
        <translation>没有词元被点亮：训练无法从这条评语中学到东西。请指出错误的词、手工标记，或者不使用这个回答。</translation>
    </message>
    <message>
        <source>Nearly everything lights up (%1 of %2 tokens). Say which part is wrong.</source>
        <translation>几乎全部被点亮（%2 个词元中的 %1 个）。请说明哪一部分不对。</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s) light up</source>
        <translation>
            <numerusform>点亮 %n 个词元</numerusform>
        </translation>
    </message>
    <message>
        <source>; false alarms about %1</source>
        <translation>；误报约 %1</translation>
    </message>
    <message>
        <source>%1 of %2 tokens light up: no more than somebody else&apos;s judgment would light up here (%3). Name the wrong words, or mark them by hand.</source>
        <translation>%2 个词元中有 %1 个亮起：并不比别人的评语在此点亮的多（%3）。请指出错误的词，或手动标记。</translation>
    </message>
</context>
<context>
    <name>stet::ui::ComparePage</name>
    <message>
        <source>Compare</source>
        <translation>对照</translation>
    </message>
    <message>
        <source>Instruction</source>
        <translation>指令</translation>
    </message>
    <message>
        <source>better</source>
        <translation>更好</translation>
    </message>
    <message>
        <source>A is better</source>
        <translation>A 更好</translation>
    </message>
    <message>
        <source>B is better</source>
        <translation>B 更好</translation>
    </message>
    <message>
        <source>equal</source>
        <translation>一样好</translation>
    </message>
    <message>
        <source>Equally good</source>
        <translation>一样好</translation>
    </message>
    <message>
        <source>← previous</source>
        <translation>← 上一条</translation>
    </message>
    <message>
        <source>next →</source>
        <translation>下一条 →</translation>
    </message>
    <message>
        <source>What changed on the whole</source>
        <translation>总体变化</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Choose A, B or E for a few instructions: how often the response after the round is better is counted here.</source>
        <translation>请对几条指令选择 A、B 或 E：这里会统计训练后的回答更好的比例。</translation>
    </message>
    <message numerus="yes">
        <source>After the round: %1 better, 95 % interval %2–%3, from %n choice(s), equal counted half</source>
        <translation>
            <numerusform>训练后：%1 更好，95% 区间 %2–%3，共 %n 次选择，“一样好”按一半计</numerusform>
        </translation>
    </message>
    <message>
        <source>Compare round %1</source>
        <translation>对照第 %1 轮</translation>
    </message>
    <message>
        <source>The comparison could not be made</source>
        <translation>无法完成对照</translation>
    </message>
    <message>
        <source>Go to Rounds</source>
        <translation>前往训练页</translation>
    </message>
    <message>
        <source>Writing responses with both models …</source>
        <translation>正在用两个模型生成回答…</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Nothing to compare yet</source>
        <translation>还没有可对照的内容</translation>
    </message>
    <message>
        <source>After a round, the same held-out instructions are answered with the model before and after it, and shown here blind.</source>
        <translation>一轮训练之后，训练前后的模型会回答同样的留出指令，并在这里以盲评方式显示。</translation>
    </message>
    <message>
        <source>Held-out %1 of %2</source>
        <translation>留出指令 %1 / %2</translation>
    </message>
    <message>
        <source>%1 of %2 written</source>
        <translation>已生成 %1 / %2</translation>
    </message>
    <message>
        <source>before</source>
        <translation>训练前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>训练后</translation>
    </message>
    <message>
        <source>Chosen. → goes to the next one.</source>
        <translation>已选择。按 → 看下一条。</translation>
    </message>
    <message>
        <source>Adopt round %1</source>
        <translation>采用第 %1 轮</translation>
    </message>
    <message>
        <source>Adopted: this round&apos;s model is in use.</source>
        <translation>已采用：正在使用这一轮的模型。</translation>
    </message>
    <message>
        <source>Discarded. It can still be adopted.</source>
        <translation>已放弃。仍可重新采用。</translation>
    </message>
    <message>
        <source>No instruction was held out when this round was compared, so there are no two responses to choose from. What is held out now is answered before and after the next rounds.</source>
        <translation>对照这一轮时没有留出指令，所以没有两个回答可供选择。现在留出的指令，会在以后各轮的前后分别作答。</translation>
    </message>
    <message>
        <source>Hold out instructions …</source>
        <translation>留出指令……</translation>
    </message>
    <message>
        <source>Next round: let it answer fresh instructions</source>
        <translation>下一轮：让它回答新指令</translation>
    </message>
    <message>
        <source>Next round: add fresh instructions …</source>
        <translation>下一轮：添加新指令……</translation>
    </message>
    <message>
        <source>Show what changed on the whole, and end choosing</source>
        <translation>显示整体变化，并结束选择</translation>
    </message>
    <message>
        <source>The models before and after the round answered alike everywhere.</source>
        <translation>训练前后的模型处处回答相同。</translation>
    </message>
    <message>
        <source>Both answered alike: there is nothing to choose.</source>
        <translation>两者回答相同：无需选择。</translation>
    </message>
    <message>
        <source>What changed has been shown: choosing is over.</source>
        <translation>变化已经显示：选择已结束。</translation>
    </message>
    <message>
        <source>Blind: which is which is shown when you have chosen, and the choice stands.</source>
        <translation>盲选：选定后才显示哪个是哪个，且选择不再更改。</translation>
    </message>
    <message numerus="yes">
        <source>%n answered alike</source>
        <translation>
            <numerusform>%n 个回答相同</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::CorrectionPanel</name>
    <message>
        <source>Corrected response</source>
        <translation>修改后的回答</translation>
    </message>
    <message>
        <source>Corrected response (by: %1)</source>
        <translation>修改后的回答（作者：%1）</translation>
    </message>
    <message>
        <source>The response as it should have been. Left empty or as it is: no correction.</source>
        <translation>写出回答本应有的样子。留空或不改动：没有修改。</translation>
    </message>
    <message>
        <source>Nothing is changed</source>
        <translation>没有改动</translation>
    </message>
    <message numerus="yes">
        <source>Changes: %n word(s) left out</source>
        <translation>
            <numerusform>改动：删去 %n 个词</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n put in</source>
        <translation>
            <numerusform>加入 %n 个词</numerusform>
        </translation>
    </message>
    <message>
        <source>What was changed</source>
        <translation>改动之处</translation>
    </message>
</context>
<context>
    <name>stet::ui::CurveChart</name>
    <message>
        <source>step %1: %2</source>
        <translation>第 %1 步：%2</translation>
    </message>
</context>
<context>
    <name>stet::ui::DataFormat</name>
    <message>
        <source>CUT JSON</source>
        <translation>CUT JSON</translation>
    </message>
    <message>
        <source>JSON Lines</source>
        <translation>JSON Lines</translation>
    </message>
    <message>
        <source>Text, one instruction a line</source>
        <translation>文本，每行一条指令</translation>
    </message>
    <message>
        <source>Alpaca JSON</source>
        <translation>Alpaca JSON</translation>
    </message>
    <message>
        <source>Shepherd JSON Lines</source>
        <translation>Shepherd JSON Lines</translation>
    </message>
    <message>
        <source>UltraFeedback JSON Lines</source>
        <translation>UltraFeedback JSON Lines</translation>
    </message>
    <message>
        <source>TRL, labelled answers</source>
        <translation>TRL，带标签的回答</translation>
    </message>
    <message>
        <source>TRL, preference pairs</source>
        <translation>TRL，偏好对</translation>
    </message>
    <message>
        <source>OpenAI messages</source>
        <translation>OpenAI 消息</translation>
    </message>
    <message>
        <source>ShareGPT JSON</source>
        <translation>ShareGPT JSON</translation>
    </message>
    <message>
        <source>CSV table</source>
        <translation>CSV 表格</translation>
    </message>
    <message>
        <source>TSV table</source>
        <translation>TSV 表格</translation>
    </message>
</context>
<context>
    <name>stet::ui::ExportPanel</name>
    <message>
        <source>A file other programs read. Texts leave as they were typed.</source>
        <translation>生成其他程序可读取的文件。文本保持输入时的原样。</translation>
    </message>
    <message>
        <source>Responses</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Which responses</source>
        <translation>哪些回答</translation>
    </message>
    <message>
        <source>All (%1)</source>
        <translation>全部（%1）</translation>
    </message>
    <message>
        <source>Criticised (%1)</source>
        <translation>批评（%1）</translation>
    </message>
    <message>
        <source>Accepted (%1)</source>
        <translation>通过（%1）</translation>
    </message>
    <message>
        <source>To do (%1)</source>
        <translation>待办（%1）</translation>
    </message>
    <message>
        <source>Bookmarked (%1)</source>
        <translation>已加书签（%1）</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>导出到</translation>
    </message>
</context>
<context>
    <name>stet::ui::FindingRows</name>
    <message>
        <source>Rows of this kind</source>
        <translation>这一类的各行</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Show %1 among the responses</source>
        <translation>在回答中查看%1</translation>
    </message>
</context>
<context>
    <name>stet::ui::FindingsPanel</name>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>……另有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>The check found nothing</source>
        <translation>检查没有发现问题</translation>
    </message>
    <message numerus="yes">
        <source>The check found %n thing(s). Nothing has come in yet; say what is done.</source>
        <translation>
            <numerusform>检查发现 %n 处。尚未导入任何内容；请选择如何处理。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The check found %n thing(s)</source>
        <translation>
            <numerusform>检查发现 %n 处</numerusform>
        </translation>
    </message>
    <message>
        <source>Import now</source>
        <translation>立即导入</translation>
    </message>
    <message>
        <source>Don&apos;t import</source>
        <translation>不导入</translation>
    </message>
</context>
<context>
    <name>stet::ui::FindingsTable</name>
    <message>
        <source>What the check found</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>What is done</source>
        <translation>处理方式</translation>
    </message>
    <message>
        <source>Import as they are</source>
        <translation>照原样导入</translation>
    </message>
</context>
<context>
    <name>stet::ui::GeneratePanel</name>
    <message>
        <source>Let the model answer</source>
        <translation>让模型回答</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>指令</translation>
    </message>
    <message>
        <source>by</source>
        <translation>由</translation>
    </message>
    <message>
        <source>Responses each</source>
        <translation>每条回答数</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Most tokens</source>
        <translation>最多词元</translation>
    </message>
    <message>
        <source>Whose model answers</source>
        <translation>由哪个模型回答</translation>
    </message>
    <message>
        <source>0: always the likeliest word. Higher: more varied.</source>
        <translation>0：总取最可能的词。越高越多样。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Responses written</source>
        <translation>已写好的回答</translation>
    </message>
    <message>
        <source>Base model</source>
        <translation>基础模型</translation>
    </message>
    <message>
        <source>Round %1 (adopted)</source>
        <translation>第 %1 轮（已采用）</translation>
    </message>
    <message>
        <source>Round %1</source>
        <translation>第 %1 轮</translation>
    </message>
    <message numerus="yes">
        <source>Answer %n instruction(s)</source>
        <translation>
            <numerusform>回答 %n 条指令</numerusform>
        </translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>%1 of %2 responses</source>
        <translation>%1 / %2 个回答</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>还剩 %1</translation>
    </message>
    <message>
        <source>Every instruction has a response. Add some that are new.</source>
        <translation>每条指令都有回答了。请添加新的。</translation>
    </message>
    <message>
        <source>They come into “To do” as they are written.</source>
        <translation>写好一个，就进入“待办”一个。</translation>
    </message>
</context>
<context>
    <name>stet::ui::GuidelinesEditor</name>
    <message>
        <source>What you agree to look for. Shown beside every response when it is wanted; plain text.</source>
        <translation>大家约定的评判要点。需要时显示在每条回答旁边；纯文本。</translation>
    </message>
    <message>
        <source>Guidelines</source>
        <translation>标注指南</translation>
    </message>
    <message>
        <source>For example: a response starts with the answer, names every fact once, and invents nothing.</source>
        <translation>例如：回答要直接切题，每个事实只说一次，不得编造。</translation>
    </message>
</context>
<context>
    <name>stet::ui::HeatMapView</name>
    <message>
        <source>Response</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>end of the response</source>
        <translation>回答结尾</translation>
    </message>
    <message>
        <source>“%1”, flagged</source>
        <translation>“%1”，标记为不当</translation>
    </message>
    <message>
        <source>“%1”, not flagged</source>
        <translation>“%1”，未标记</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s) flagged.</source>
        <translation>
            <numerusform>%n 个词元标记为不当。</numerusform>
        </translation>
    </message>
    <message>
        <source>Flag by hand</source>
        <translation>人工标记为不当</translation>
    </message>
    <message>
        <source>Clear by hand</source>
        <translation>人工取消标记</translation>
    </message>
    <message>
        <source>Remove my mark</source>
        <translation>去掉我的标记</translation>
    </message>
</context>
<context>
    <name>stet::ui::HintBubble</name>
    <message>
        <source>Close this hint</source>
        <translation>关闭提示</translation>
    </message>
</context>
<context>
    <name>stet::ui::ImportPanel</name>
    <message>
        <source>File to import</source>
        <translation>要导入的文件</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose the file to import</source>
        <translation>选择要导入的文件</translation>
    </message>
    <message>
        <source>Format of the file</source>
        <translation>文件格式</translation>
    </message>
    <message>
        <source>Find out the format</source>
        <translation>自动识别格式</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Data (%1)</source>
        <translation>数据 (%1)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Responses with or without judgments, or instructions alone, for the model to answer. Nothing is trained on before you say so; the check points out rows that may harm training.</source>
        <translation>带或不带评语的回答，或者只有指令、由模型来回答。在您说开始之前什么都不会训练；检查会指出可能有害训练的行。</translation>
    </message>
    <message>
        <source>Nothing was imported.</source>
        <translation>没有导入任何内容。</translation>
    </message>
    <message>
        <source>Undo this import</source>
        <translation>撤销此次导入</translation>
    </message>
</context>
<context>
    <name>stet::ui::InspectorPanel</name>
    <message>
        <source>judged / plain</source>
        <translation>有评语 / 无评语</translation>
    </message>
    <message>
        <source>judged / praised</source>
        <translation>有评语 / 表扬</translation>
    </message>
    <message>
        <source>judged / plain, odds</source>
        <translation>有评语 / 无评语（几率）</translation>
    </message>
    <message>
        <source>corrected / plain</source>
        <translation>改正 / 无评语</translation>
    </message>
    <message>
        <source>judged / other judgments</source>
        <translation>本评语 / 其他评语</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>threshold λ</source>
        <translation>阈值 λ</translation>
    </message>
    <message>
        <source>Threshold λ</source>
        <translation>阈值 λ</translation>
    </message>
    <message>
        <source>contrast</source>
        <translation>对比方式</translation>
    </message>
    <message>
        <source>Show what can&apos;t be flagged</source>
        <translation>显示无法标记的词元</translation>
    </message>
    <message>
        <source>Not scored yet</source>
        <translation>尚未评分</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n token(s) flagged</source>
        <translation>
            <numerusform>%n 个词元中 %1 个标记为不当</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 with your marks</source>
        <translation>计入人工标记后 %1 个</translation>
    </message>
    <message>
        <source>%1 pushed down: the first word of each run</source>
        <translation>其中 %1 个会被压低：每一段的第一个词</translation>
    </message>
    <message>
        <source>judged / plain and praised, words</source>
        <translation>按评语 / 无评语与称赞（按词）</translation>
    </message>
    <message>
        <source>false alarms</source>
        <translation>误报</translation>
    </message>
    <message>
        <source>Rate of false alarms</source>
        <translation>误报率</translation>
    </message>
    <message>
        <source>λ by hand</source>
        <translation>手动设定 λ</translation>
    </message>
    <message>
        <source>λ as it was set by hand.</source>
        <translation>λ 为手动设定的值。</translation>
    </message>
    <message>
        <source>λ is made from the judgments, once there are some: so large that at most this share of the tokens lights up under another response&apos;s judgment and not under the own one.</source>
        <translation>有评语后，λ 由评语得出：使得至多有这一比例的词元在别的回答的评语下点亮，而在自己的评语下不亮。</translation>
    </message>
    <message numerus="yes">
        <source>λ is made from %n judgment(s): so large that at most this share of the tokens lights up under another response&apos;s judgment and not under the own one.</source>
        <translation>
            <numerusform>λ 由 %n 条评语得出：使得至多有这一比例的词元在别的回答的评语下点亮，而在自己的评语下不亮。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::InstructionsPanel</name>
    <message>
        <source>To answer</source>
        <translation>待回答</translation>
    </message>
    <message>
        <source>Held out</source>
        <translation>留出</translation>
    </message>
    <message>
        <source>Control</source>
        <translation>对照组</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search the instructions</source>
        <translation>搜索指令</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>指令</translation>
    </message>
    <message>
        <source>Paste …</source>
        <translation>粘贴……</translation>
    </message>
    <message>
        <source>Import a file …</source>
        <translation>导入文件……</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>One instruction a line</source>
        <translation>每行一条指令</translation>
    </message>
    <message>
        <source>Instructions to add, one a line</source>
        <translation>要添加的指令，每行一条</translation>
    </message>
    <message>
        <source>Add them</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Every round is compared on these. Nothing is trained on responses to them.</source>
        <translation>每一轮都用它们来对照。对它们的回答绝不用于训练。</translation>
    </message>
    <message>
        <source>No round should change the responses to these; every comparison says how much it did.</source>
        <translation>任何一轮都不应改变对它们的回答；每次对照都会说明改变了多少。</translation>
    </message>
    <message>
        <source>Instructions that the model is to answer. Paste some, or import a file of instructions.</source>
        <translation>要让模型回答的指令。请粘贴一些，或导入一个指令文件。</translation>
    </message>
    <message numerus="yes">
        <source>Nobody has answered %n of these yet.</source>
        <translation>
            <numerusform>其中 %n 条还没有回答。</numerusform>
        </translation>
    </message>
    <message>
        <source>Hold out no longer</source>
        <translation>不再留出</translation>
    </message>
    <message>
        <source>Hold out</source>
        <translation>留出</translation>
    </message>
    <message numerus="yes">
        <source>The first %n are shown; search for the others.</source>
        <translation>
            <numerusform>只显示前 %n 条；其余的请搜索。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1  (%n response(s))</source>
        <translation>
            <numerusform>%1（%n 个回答）</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>stet::ui::JudgmentEdit</name>
    <message>
        <source>Judgment</source>
        <translation>评语</translation>
    </message>
    <message>
        <source>What is wrong with this response? Say it in your own words.</source>
        <translation>这个回答有什么问题？请用您自己的话写出来。</translation>
    </message>
    <message>
        <source>(Tab takes this)</source>
        <translation>（按 Tab 采用）</translation>
    </message>
</context>
<context>
    <name>stet::ui::JudgmentPanel</name>
    <message>
        <source>Saved %1</source>
        <translation>已保存 %1</translation>
    </message>
    <message>
        <source>All saved</source>
        <translation>已全部保存</translation>
    </message>
    <message>
        <source>Not saved yet</source>
        <translation>尚未保存</translation>
    </message>
    <message>
        <source>Saving …</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>Criticise</source>
        <translation>批评</translation>
    </message>
    <message>
        <source>Say what is wrong. The flagged tokens are trained down, the rest may stand.</source>
        <translation>写出问题所在。训练会压低被标记的词元，其余部分可以保留。</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Guidelines</source>
        <translation>标注指南</translation>
    </message>
    <message>
        <source>Leave it out</source>
        <translation>不用于训练</translation>
    </message>
    <message>
        <source>Mark what is quoted</source>
        <translation>标出所引用的词</translation>
    </message>
    <message>
        <source>Submit and next</source>
        <translation>提交并继续</translation>
    </message>
    <message>
        <source>Judgment</source>
        <translation>评语</translation>
    </message>
    <message>
        <source>The response may stand. It is trained on as it is. The next one comes.</source>
        <translation>回答可以保留，并按原样用于训练。随后显示下一个。</translation>
    </message>
    <message>
        <source>Leave this response out of training. The next one comes.</source>
        <translation>不用这个回答训练。随后显示下一个。</translation>
    </message>
    <message>
        <source>Set λ to %1</source>
        <translation>将 λ 设为 %1</translation>
    </message>
    <message>
        <source>False alarms are 5 % of the tokens then.</source>
        <translation>此时误报占词元的 5 %。</translation>
    </message>
    <message>
        <source>Judgment (this response was: accepted)</source>
        <translation>评语（此回答原为：通过）</translation>
    </message>
    <message>
        <source>Judgment (this response was: skipped)</source>
        <translation>评语（此回答原为：跳过）</translation>
    </message>
    <message>
        <source>Nothing to submit yet: %1 accepts, %2 skips, or write a judgment.</source>
        <translation>还没有可提交的内容：%1 通过，%2 跳过，或写一条评语。</translation>
    </message>
    <message>
        <source>“%1” is very short for a judgment. %2 again submits it; %3 accepts the response.</source>
        <translation>“%1”作为评语太短。再按一次 %2 提交；%3 通过此回答。</translation>
    </message>
    <message>
        <source>Correct</source>
        <translation>修改</translation>
    </message>
    <message>
        <source>Correct the response</source>
        <translation>修改回答</translation>
    </message>
    <message>
        <source>Write the response as it should have been. Optional: some objectives train on it, and exports have it.</source>
        <translation>写出回答本应有的样子。可选：部分训练目标会用它训练，导出时也包含它。</translation>
    </message>
    <message>
        <source>Drafted by %1: nothing is wrong (%2 accepts)</source>
        <translation>%1 代拟：没有问题（%2 通过）</translation>
    </message>
    <message>
        <source>Judgment · Drafted by %1, not reviewed yet</source>
        <translation>评语 · %1 代拟，尚未审阅</translation>
    </message>
    <message>
        <source>Let the model draft it</source>
        <translation>让模型代拟</translation>
    </message>
    <message>
        <source>Drop the draft</source>
        <translation>不用这条代拟</translation>
    </message>
    <message>
        <source>The response is corrected; say what was wrong, too. %1 again submits it without words.</source>
        <translation>回答已修改；请也说明哪里不对。再按 %1 将不带评语提交。</translation>
    </message>
</context>
<context>
    <name>stet::ui::KeyMap</name>
    <message>
        <source>Judging</source>
        <translation>评判</translation>
    </message>
    <message>
        <source>Submit and next</source>
        <translation>提交并继续</translation>
    </message>
    <message>
        <source>Leave the text</source>
        <translation>离开文本框</translation>
    </message>
    <message>
        <source>Return to the text</source>
        <translation>回到文本框</translation>
    </message>
    <message>
        <source>Criticise</source>
        <translation>批评</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Next flagged token</source>
        <translation>下一个标记的词元</translation>
    </message>
    <message>
        <source>Previous flagged token</source>
        <translation>上一个标记的词元</translation>
    </message>
    <message>
        <source>Flag the chosen tokens by hand</source>
        <translation>人工标记所选词元</translation>
    </message>
    <message>
        <source>Clear the chosen tokens by hand</source>
        <translation>人工取消所选词元的标记</translation>
    </message>
    <message>
        <source>Quote the chosen tokens in the judgment</source>
        <translation>在评语中引用选中的词元</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Previous response</source>
        <translation>上一个回答</translation>
    </message>
    <message>
        <source>Next response</source>
        <translation>下一个回答</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>全局</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Save now</source>
        <translation>立即保存</translation>
    </message>
    <message>
        <source>Annotate</source>
        <translation>标注</translation>
    </message>
    <message>
        <source>Rounds</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对照</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Show all keys</source>
        <translation>显示所有快捷键</translation>
    </message>
    <message>
        <source>Start a round</source>
        <translation>开始一轮训练</translation>
    </message>
    <message>
        <source>A is better</source>
        <translation>A 更好</translation>
    </message>
    <message>
        <source>B is better</source>
        <translation>B 更好</translation>
    </message>
    <message>
        <source>Equally good</source>
        <translation>一样好</translation>
    </message>
    <message>
        <source>Accept and next</source>
        <translation>通过并继续</translation>
    </message>
    <message>
        <source>Skip and next</source>
        <translation>跳过并继续</translation>
    </message>
    <message>
        <source>Accept and next, also while typing</source>
        <translation>通过并继续（输入时也可用）</translation>
    </message>
    <message>
        <source>Criticise, also while typing</source>
        <translation>批评（输入时也可用）</translation>
    </message>
    <message>
        <source>Skip and next, also while typing</source>
        <translation>跳过并继续（输入时也可用）</translation>
    </message>
    <message>
        <source>Next token, flagged or not</source>
        <translation>下一个词元（无论是否标记）</translation>
    </message>
    <message>
        <source>Previous token, flagged or not</source>
        <translation>上一个词元（无论是否标记）</translation>
    </message>
    <message>
        <source>Bookmark this response</source>
        <translation>为此回答加书签</translation>
    </message>
    <message>
        <source>Correct the response, and back to the judgment</source>
        <translation>修改回答，再按回到评语</translation>
    </message>
    <message>
        <source>Let the model draft a judgment</source>
        <translation>让模型代拟一条评语</translation>
    </message>
    <message>
        <source>Mark the words that the judgment quotes</source>
        <translation>标出评语所引用的词</translation>
    </message>
</context>
<context>
    <name>stet::ui::KeyOverlay</name>
    <message>
        <source>All keys</source>
        <translation>所有快捷键</translation>
    </message>
    <message>
        <source>Any key closes this</source>
        <translation>按任意键关闭</translation>
    </message>
</context>
<context>
    <name>stet::ui::Legend</name>
    <message>
        <source>Legend</source>
        <translation>图例</translation>
    </message>
    <message>
        <source>Orange: more likely once the judgment is known. Blue: less likely. Underlined: flagged at λ %1.</source>
        <translation>橙色：得知评语后更可能；蓝色：更不可能；下划线：在 λ %1 时标记为不当。</translation>
    </message>
    <message>
        <source>less likely</source>
        <translation>更不可能</translation>
    </message>
    <message>
        <source>more likely</source>
        <translation>更可能</translation>
    </message>
    <message>
        <source>flagged (λ %1)</source>
        <translation>标记为不当（λ %1）</translation>
    </message>
    <message>
        <source>can&apos;t be flagged</source>
        <translation>无法标记</translation>
    </message>
    <message>
        <source>Of each run the first word is pushed down; thinly underlined: what follows from it.</source>
        <translation>每一段只压低第一个词；细下划线：随之而来的词。</translation>
    </message>
    <message>
        <source>follows, is not pushed down</source>
        <translation>随之而来，不压低</translation>
    </message>
</context>
<context>
    <name>stet::ui::MainWindow</name>
    <message>
        <source>This response has a mistake. Say what is wrong, in your own words.</source>
        <translation>这个回答里有一处错误。请用您自己的话说出哪里不对。</translation>
    </message>
    <message>
        <source>The model itself finds this word inappropriate under your judgment.</source>
        <translation>在您的评语下，模型自己也认为这个词不当。</translation>
    </message>
    <message>
        <source>Enough is judged to train on. One press starts a round; you can go on judging meanwhile.</source>
        <translation>评语已经足够训练。按一下即可开始一轮训练，期间可以继续标注。</translation>
    </message>
    <message>
        <source>The same instructions before and after the round. Choose the better response without knowing which is which.</source>
        <translation>同样的指令，训练前后的两个回答。请在不知道先后的情况下选出更好的一个。</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Open a project …</source>
        <translation>打开项目(&amp;O)…</translation>
    </message>
    <message>
        <source>&amp;Close the project</source>
        <translation>关闭项目(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>Annotate</source>
        <translation>标注</translation>
    </message>
    <message>
        <source>Rounds</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对照</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>All keys</source>
        <translation>所有快捷键</translation>
    </message>
    <message>
        <source>Show the hints again</source>
        <translation>重新显示提示</translation>
    </message>
    <message>
        <source>Open a project: choose its folder NAME.stet</source>
        <translation>打开项目：选择其文件夹 NAME.stet</translation>
    </message>
    <message>
        <source>About Stet</source>
        <translation>关于 Stet</translation>
    </message>
</context>
<context>
    <name>stet::ui::MeasuresTable</name>
    <message>
        <source>Criticised words: how likely they still are</source>
        <translation>被批评的词：现在仍有多大可能出现</translation>
    </message>
    <message>
        <source>Accepted responses: mean log-probability of a token</source>
        <translation>通过的回答：每个词元的平均对数概率</translation>
    </message>
    <message>
        <source>Other tasks: how far the model moved (KL, 0 is not at all)</source>
        <translation>其他任务：模型变动多少（KL，0 为没有变动）</translation>
    </message>
    <message>
        <source>Length of a response in tokens</source>
        <translation>回答长度（词元）</translation>
    </message>
    <message>
        <source>Repetition</source>
        <translation>重复率</translation>
    </message>
    <message>
        <source>Measures before and after</source>
        <translation>训练前后的指标</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>before</source>
        <translation>训练前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>训练后</translation>
    </message>
    <message>
        <source>better</source>
        <translation>更好</translation>
    </message>
    <message>
        <source>worse</source>
        <translation>更差</translation>
    </message>
</context>
<context>
    <name>stet::ui::ModelPanel</name>
    <message>
        <source>Model path</source>
        <translation>模型路径</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Round</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>Longest text</source>
        <translation>最长文本</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Why this device</source>
        <translation>使用此设备的原因</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Check the project&apos;s files</source>
        <translation>检查项目文件</translation>
    </message>
</context>
<context>
    <name>stet::ui::NewProjectForm</name>
    <message>
        <source>New project</source>
        <translation>新建项目</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Your data</source>
        <translation>您的数据</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Make it in</source>
        <translation>保存位置</translation>
    </message>
    <message>
        <source>a Hugging Face folder with config.json and *.safetensors, or a GGUF file</source>
        <translation>含 config.json 和 *.safetensors 的 Hugging Face 文件夹，或 GGUF 文件</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Folder …</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>GGUF file …</source>
        <translation>GGUF 文件…</translation>
    </message>
    <message>
        <source>Choose the model folder</source>
        <translation>选择模型文件夹</translation>
    </message>
    <message>
        <source>Choose the model&apos;s GGUF file</source>
        <translation>选择模型的 GGUF 文件</translation>
    </message>
    <message>
        <source>Choose the data file</source>
        <translation>选择数据文件</translation>
    </message>
    <message>
        <source>Choose where the project is made</source>
        <translation>选择项目保存位置</translation>
    </message>
    <message>
        <source>Create the project</source>
        <translation>创建项目</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Looking at the model …</source>
        <translation>正在查看模型…</translation>
    </message>
    <message>
        <source>GGUF models (*.gguf);;All files (*)</source>
        <translation>GGUF 模型 (*.gguf);;所有文件 (*)</translation>
    </message>
    <message>
        <source>responses with judgments, or instructions alone (can be added later)</source>
        <translation>带评语的回答，或只有指令（可以以后再加）</translation>
    </message>
    <message>
        <source>Data (*.json *.jsonl *.csv *.tsv *.txt *.gz);;All files (*)</source>
        <translation>数据 (*.json *.jsonl *.csv *.tsv *.txt *.gz);;所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>stet::ui::NoticeArea</name>
    <message>
        <source>Notices</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>Close this notice</source>
        <translation>关闭此通知</translation>
    </message>
</context>
<context>
    <name>stet::ui::NumberText</name>
    <message>
        <source>over 999</source>
        <translation>超过 999</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>under a minute</source>
        <translation>不到一分钟</translation>
    </message>
    <message>
        <source>about %1 min</source>
        <translation>约 %1 分钟</translation>
    </message>
    <message>
        <source>about %1 h</source>
        <translation>约 %1 小时</translation>
    </message>
</context>
<context>
    <name>stet::ui::PageRail</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Annotate</source>
        <translation>标注</translation>
    </message>
    <message>
        <source>Rounds</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对照</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Round %1</source>
        <translation>第 %1 轮</translation>
    </message>
    <message>
        <source>Round %1: %2</source>
        <translation>第 %1 轮：%2</translation>
    </message>
</context>
<context>
    <name>stet::ui::ProjectPage</name>
    <message>
        <source>Project</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Parts of the project</source>
        <translation>项目的各部分</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Guidelines</source>
        <translation>标注指南</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Instructions</source>
        <translation>指令</translation>
    </message>
</context>
<context>
    <name>stet::ui::QueueModel</name>
    <message>
        <source>to do</source>
        <translation>待办</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>criticised</source>
        <translation>批评</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>bookmarked</source>
        <translation>已加书签</translation>
    </message>
</context>
<context>
    <name>stet::ui::QueuePanel</name>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>To do</source>
        <translation>待办</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>Accepted</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>Criticised</source>
        <translation>批评</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Bookmarked</source>
        <translation>已加书签</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>回收站</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>队列</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search instructions, responses and judgments</source>
        <translation>搜索指令、回答和评语</translation>
    </message>
    <message>
        <source>Search instructions, responses and judgments (%1)</source>
        <translation>搜索指令、回答和评语（%1）</translation>
    </message>
    <message>
        <source>Responses</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Nothing here under this filter.</source>
        <translation>此筛选条件下没有内容。</translation>
    </message>
    <message>
        <source>Show: %1</source>
        <translation>显示：%1</translation>
    </message>
    <message numerus="yes">
        <source>%n judged by you</source>
        <translation>
            <numerusform>您已评 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 an hour</source>
        <translation>每小时 %1 条</translation>
    </message>
    <message>
        <source>Drafted</source>
        <translation>代拟</translation>
    </message>
    <message>
        <source>Draft judgments</source>
        <translation>代拟评语</translation>
    </message>
    <message>
        <source>Let the model draft judgments of the next responses that wait. Nothing is trained on a draft before you have submitted it.</source>
        <translation>让模型为接下来待评的回答代拟评语。在您提交之前，不会用代拟的评语训练。</translation>
    </message>
</context>
<context>
    <name>stet::ui::RatioHistogram</name>
    <message>
        <source>Threshold λ</source>
        <translation>阈值 λ</translation>
    </message>
    <message>
        <source>λ is %1. Arrow keys move it.</source>
        <translation>λ 为 %1，可用方向键调整。</translation>
    </message>
    <message>
        <source>How much more likely each token becomes once the judgment is known. Drag the line to move the threshold λ.</source>
        <translation>得知评语后每个词元的可能性变化多少。拖动竖线可移动阈值 λ。</translation>
    </message>
    <message>
        <source>λ %1</source>
        <translation>λ %1</translation>
    </message>
</context>
<context>
    <name>stet::ui::ResponsePanel</name>
    <message>
        <source>Response %1 of %2</source>
        <translation>回答 %1 / %2</translation>
    </message>
    <message>
        <source>Response</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>judged by: %1</source>
        <translation>评判者：%1</translation>
    </message>
    <message>
        <source>cut off at the length limit</source>
        <translation>因长度限制被截断</translation>
    </message>
    <message>
        <source>Instruction</source>
        <translation>指令</translation>
    </message>
    <message>
        <source>Bookmark</source>
        <translation>书签</translation>
    </message>
    <message>
        <source>Bookmark this response (%1)</source>
        <translation>为这个回答加书签（%1）</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>移到回收站</translation>
    </message>
    <message>
        <source>Move to the trash (%1)</source>
        <translation>移到回收站（%1）</translation>
    </message>
    <message>
        <source>Previous response</source>
        <translation>上一个回答</translation>
    </message>
    <message>
        <source>Previous response (←)</source>
        <translation>上一个回答（←）</translation>
    </message>
    <message>
        <source>Next response</source>
        <translation>下一个回答</translation>
    </message>
    <message>
        <source>Next response (→)</source>
        <translation>下一个回答（→）</translation>
    </message>
    <message>
        <source>import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>no response to judge</source>
        <translation>没有可评判的回答</translation>
    </message>
    <message>
        <source>control set</source>
        <translation>对照集</translation>
    </message>
    <message>
        <source>Demonstration: %1</source>
        <translation>示范：%1</translation>
    </message>
    <message>
        <source>Instruction: %1</source>
        <translation>指令：%1</translation>
    </message>
    <message>
        <source>Response · pale: scored before your last change, new scores are on the way</source>
        <translation>回答 · 淡色：得分早于您的最近修改，新得分正在计算</translation>
    </message>
    <message>
        <source>%1, round %2</source>
        <translation>%1，第 %2 轮</translation>
    </message>
    <message>
        <source>drafted by: %1</source>
        <translation>代拟：%1</translation>
    </message>
    <message>
        <source>Demonstration</source>
        <translation>示范</translation>
    </message>
</context>
<context>
    <name>stet::ui::RoundAlert</name>
    <message>
        <source>Stopped: the loss was not a number</source>
        <translation>已停止：损失不是数值</translation>
    </message>
    <message>
        <source>The loss at step %1 is not a number, and the round stopped there. What was trained until step %2 is kept: finish with it, or train anew with other settings.</source>
        <translation>第 %1 步的损失不是数值，这一轮在那里停止。到第 %2 步为止的训练结果已保留：可以就此结束，或换用其他设置重新训练。</translation>
    </message>
    <message>
        <source>More pushed down than planned</source>
        <translation>压低的比计划的多</translation>
    </message>
    <message>
        <source>Training pushed down %2 of the tokens of criticised responses, where the plan said %1. Look at what lights up, and raise the threshold before the next round.</source>
        <translation>训练压低了被批评回答中 %2 的词元，而计划是 %1。请看看哪些词亮起，并在下一轮之前调高阈值。</translation>
    </message>
    <message>
        <source>More and more pushed down</source>
        <translation>压低的越来越多</translation>
    </message>
    <message>
        <source>In its last pass the round pushed down %2 of the tokens of criticised responses, in its first %1: it began to condemn more than was judged. Compare, and try the settings “Steady”.</source>
        <translation>这一轮最后一遍压低了被批评回答中 %2 的词元，第一遍是 %1：它开始压低评语没有提到的内容。请先对照，并试试“稳健”设置。</translation>
    </message>
    <message>
        <source>Learnt by heart</source>
        <translation>死记硬背</translation>
    </message>
    <message>
        <source>The loss of a token fell from %1 in the first pass to %2: the round knows its responses by heart. Compare on held-out instructions, and judge more responses before the next round.</source>
        <translation>每个词元的损失从第一遍的 %1 降到 %2：这一轮把回答背了下来。请在留出的指令上对照，并在下一轮之前多评一些回答。</translation>
    </message>
    <message>
        <source>Criticised words likelier</source>
        <translation>被批评的词更容易出现</translation>
    </message>
    <message>
        <source>Criticised words became likelier instead of rarer: a probability of %1 before, %2 after. Go back to the model before, and look at what lights up under the judgments.</source>
        <translation>被批评的词没有变少，反而更容易出现：概率训练前 %1，训练后 %2。请退回之前的模型，并看看评语下哪些词亮起。</translation>
    </message>
    <message>
        <source>Accepted responses less likely</source>
        <translation>通过的回答更难出现</translation>
    </message>
    <message>
        <source>Accepted responses became less likely: a token has a probability of %1 before, %2 after. Go back to the model before, and accept more responses before the next round.</source>
        <translation>通过的回答变得更难出现：每个词元的概率训练前 %1，训练后 %2。请退回之前的模型，并在下一轮之前多通过一些回答。</translation>
    </message>
    <message>
        <source>Responses much shorter</source>
        <translation>回答短了很多</translation>
    </message>
    <message>
        <source>Responses to held-out instructions became much shorter: %1 tokens before, %2 after. Read some in the comparison; unless a judgment asked for it, go back to the model before.</source>
        <translation>对留出指令的回答短了很多：训练前 %1 个词元，训练后 %2 个。请在对照中读几条；如果不是评语的要求，就退回之前的模型。</translation>
    </message>
    <message>
        <source>Responses much longer</source>
        <translation>回答长了很多</translation>
    </message>
    <message>
        <source>Responses to held-out instructions became much longer: %1 tokens before, %2 after. Read some in the comparison; unless a judgment asked for it, go back to the model before.</source>
        <translation>对留出指令的回答长了很多：训练前 %1 个词元，训练后 %2 个。请在对照中读几条；如果不是评语的要求，就退回之前的模型。</translation>
    </message>
    <message>
        <source>Responses without an end</source>
        <translation>回答停不下来</translation>
    </message>
    <message>
        <source>Responses no longer come to an end: %1 were cut off before, %2 after. Go back to the model before, and judge more responses before the next round.</source>
        <translation>回答不再自己结束：训练前有 %1 被截断，训练后有 %2。请退回之前的模型，并在下一轮之前多评一些回答。</translation>
    </message>
    <message>
        <source>Responses repeat themselves</source>
        <translation>回答重复</translation>
    </message>
    <message>
        <source>Responses repeat themselves: of four words in a row %1 had been there already before, %2 after. Go back to the model before, and judge more responses before the next round.</source>
        <translation>回答自我重复：连续四个词中已经出现过的，训练前占 %1，训练后占 %2。请退回之前的模型，并在下一轮之前多评一些回答。</translation>
    </message>
    <message>
        <source>Responses begin alike</source>
        <translation>回答的开头都一样</translation>
    </message>
    <message>
        <source>Responses begin alike, with “%3”: %1 before, %2 after. Read some in the comparison; unless a judgment asked for it, go back to the model before.</source>
        <translation>回答都以“%3”开头：训练前占 %1，训练后占 %2。请在对照中读几条；如果不是评语的要求，就退回之前的模型。</translation>
    </message>
    <message>
        <source>The loss at step %1 is not a number, and the round stopped there. It has what was trained until step %2: compare before it is adopted.</source>
        <translation>第 %1 步的损失不是数值，这一轮在那里停止。它保留了到第 %2 步为止的训练结果：采用之前请先对照。</translation>
    </message>
    <message>
        <source>The loss at step %1 is not a number, and the round stopped there. Nothing of it was saved yet: train anew with other settings.</source>
        <translation>第 %1 步的损失不是数值，这一轮在那里停止。此前还没有保存任何结果：请换用其他设置重新训练。</translation>
    </message>
    <message>
        <source>Training pushed down %1 of the tokens of criticised responses. Look at what lights up, and raise the threshold before the next round.</source>
        <translation>训练压低了被批评回答中 %1 的词元。请看看哪些词亮起，并在下一轮之前调高阈值。</translation>
    </message>
</context>
<context>
    <name>stet::ui::RoundAlertsPanel</name>
    <message>
        <source>%1 is to be looked at</source>
        <translation>%1 需要查看</translation>
    </message>
    <message>
        <source>Back to: %1</source>
        <translation>退回：%1</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对照</translation>
    </message>
</context>
<context>
    <name>stet::ui::RoundCard</name>
    <message>
        <source>Base model</source>
        <translation>基础模型</translation>
    </message>
    <message>
        <source>Round %1</source>
        <translation>第 %1 轮</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>the folder the project was made with</source>
        <translation>创建项目时的模型文件夹</translation>
    </message>
    <message>
        <source>prepared</source>
        <translation>已准备</translation>
    </message>
    <message>
        <source>paused at %1/%2</source>
        <translation>暂停于 %1/%2</translation>
    </message>
    <message>
        <source>adopted, in use</source>
        <translation>已采用，使用中</translation>
    </message>
    <message>
        <source>finished, not adopted</source>
        <translation>已完成，未采用</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>discarded</source>
        <translation>已放弃</translation>
    </message>
    <message numerus="yes">
        <source>%n criticised</source>
        <translation>
            <numerusform>批评 %n 条</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n accepted</source>
        <translation>
            <numerusform>通过 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>the next round starts here</source>
        <translation>下一轮从这里开始</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对照</translation>
    </message>
    <message>
        <source>Use again</source>
        <translation>重新使用</translation>
    </message>
    <message>
        <source>Adopt</source>
        <translation>采用</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练中</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Use this model …</source>
        <translation>使用这个模型…</translation>
    </message>
    <message>
        <source>Talk to it …</source>
        <translation>和它对话…</translation>
    </message>
    <message>
        <source>Back to: %1</source>
        <translation>退回：%1</translation>
    </message>
</context>
<context>
    <name>stet::ui::RoundChain</name>
    <message>
        <source>Rounds so far</source>
        <translation>已有的训练轮次</translation>
    </message>
    <message>
        <source>from %1 ──▶</source>
        <translation>自%1 ──▶</translation>
    </message>
</context>
<context>
    <name>stet::ui::RoundCurves</name>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Likelihood loss: what may stand</source>
        <translation>似然损失：可以保留的部分</translation>
    </message>
    <message>
        <source>Unlikelihood loss: what is flagged</source>
        <translation>非似然损失：标记为不当的部分</translation>
    </message>
    <message>
        <source>Flagged share</source>
        <translation>标记比例</translation>
    </message>
    <message>
        <source>Gradient norm</source>
        <translation>梯度范数</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步</translation>
    </message>
</context>
<context>
    <name>stet::ui::RoundFailureCard</name>
    <message>
        <source>%1 failed: %2</source>
        <translation>%1失败：%2</translation>
    </message>
    <message>
        <source>The last lines of its log</source>
        <translation>日志的最后几行</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>stet::ui::RoundPlanPanel</name>
    <message>
        <source>Change settings ▾</source>
        <translation>修改设置 ▾</translation>
    </message>
    <message>
        <source>Change settings ▸</source>
        <translation>修改设置 ▸</translation>
    </message>
    <message>
        <source>Change settings</source>
        <translation>修改设置</translation>
    </message>
    <message numerus="yes">
        <source>%n criticised</source>
        <translation>
            <numerusform>批评 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 accepted</source>
        <translation>通过 %2 条中取 %1 条</translation>
    </message>
    <message numerus="yes">
        <source>%n token(s) pushed down</source>
        <translation>
            <numerusform>压低 %n 个词元</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n judgment(s) light up nothing</source>
        <translation>
            <numerusform>%n 条评语没有点亮任何词元</numerusform>
        </translation>
    </message>
    <message>
        <source>Counting …</source>
        <translation>正在统计…</translation>
    </message>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>%n 步</numerusform>
        </translation>
    </message>
    <message>
        <source>What will train</source>
        <translation>将要训练的内容</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Settings of the round</source>
        <translation>这一轮的设置</translation>
    </message>
    <message>
        <source>Steady (recommended)</source>
        <translation>稳健（推荐）</translation>
    </message>
    <message>
        <source>CUT, released code</source>
        <translation>CUT，公开代码</translation>
    </message>
    <message>
        <source>CUT, article</source>
        <translation>CUT，论文</translation>
    </message>
    <message>
        <source>First words, hold the rest (real models)</source>
        <translation>只压首词，其余不变（真实模型）</translation>
    </message>
    <message>
        <source>Start a round</source>
        <translation>开始一轮训练</translation>
    </message>
    <message numerus="yes">
        <source>%n judgment(s) light up nearly everything</source>
        <translation>
            <numerusform>%n 条评语几乎点亮了所有词元</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>…以及另外 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Pushed down most often: %1</source>
        <translation>最常被压低的词元：%1</translation>
    </message>
    <message>
        <source>%1 of it is these judgments&apos; own; the rest lights up under somebody else&apos;s, too</source>
        <translation>其中 %1 来自这些评语本身；其余部分换成别人的评语也会亮起</translation>
    </message>
    <message>
        <source>“%1”: its judgment lights up nothing</source>
        <translation>“%1”：它的评语没有点亮任何词元</translation>
    </message>
    <message>
        <source>“%1”: its judgment lights up nearly everything</source>
        <translation>“%1”：它的评语几乎点亮了所有词元</translation>
    </message>
    <message>
        <source>Details ▾</source>
        <translation>详情 ▾</translation>
    </message>
    <message>
        <source>Details ▸</source>
        <translation>详情 ▸</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message numerus="yes">
        <source>%n judgment(s) light up no more than others would</source>
        <translation>
            <numerusform>%n 条评语点亮的不比别人的评语多</numerusform>
        </translation>
    </message>
    <message>
        <source>“%1”: its judgment lights up no more than somebody else&apos;s would</source>
        <translation>“%1”：它的评语点亮的不比别人的评语多</translation>
    </message>
</context>
<context>
    <name>stet::ui::RoundProgressPanel</name>
    <message>
        <source>The round that runs</source>
        <translation>正在进行的训练</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>第 %1 / %2 步</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Stop …</source>
        <translation>停止…</translation>
    </message>
    <message>
        <source>Save now</source>
        <translation>立即保存</translation>
    </message>
    <message>
        <source>Keep what has been trained so far?</source>
        <translation>保留目前的训练结果吗？</translation>
    </message>
    <message>
        <source>Stop and keep</source>
        <translation>停止并保留</translation>
    </message>
    <message>
        <source>Stop and discard</source>
        <translation>停止并放弃</translation>
    </message>
    <message>
        <source>Don&apos;t stop</source>
        <translation>不停止</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>stet::ui::RoundsPage</name>
    <message>
        <source>checking</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>loading the model</source>
        <translation>加载模型</translation>
    </message>
    <message>
        <source>scoring the judgments</source>
        <translation>为评语评分</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>saving</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>evaluating</source>
        <translation>评估</translation>
    </message>
    <message>
        <source>Rounds</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Curves of round %1</source>
        <translation>第 %1 轮的曲线</translation>
    </message>
    <message>
        <source>Other objectives …</source>
        <translation>其他目标 …</translation>
    </message>
</context>
<context>
    <name>stet::ui::StartPage</name>
    <message>
        <source>today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Judge a model&apos;s responses in your own words, see which words your judgment condemns, and train the model on it.</source>
        <translation>用您自己的话评判模型的回答，看看您的评语否定了哪些词，并据此训练模型。</translation>
    </message>
    <message>
        <source>Open the example</source>
        <translation>打开示例</translation>
    </message>
    <message>
        <source>works at once, nothing to download</source>
        <translation>立即可用，无需下载</translation>
    </message>
    <message>
        <source>New project …</source>
        <translation>新建项目…</translation>
    </message>
    <message>
        <source>Open a project …</source>
        <translation>打开项目…</translation>
    </message>
    <message>
        <source>a folder NAME.stet</source>
        <translation>名为 NAME.stet 的文件夹</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近</translation>
    </message>
    <message>
        <source>More about this computer</source>
        <translation>关于这台计算机</translation>
    </message>
    <message>
        <source>This computer: looking …</source>
        <translation>这台计算机：正在查看…</translation>
    </message>
    <message>
        <source>This computer: %1</source>
        <translation>这台计算机：%1</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>打开 %1</translation>
    </message>
    <message>
        <source>the folder is gone</source>
        <translation>文件夹已不存在</translation>
    </message>
    <message numerus="yes">
        <source>%n response(s)</source>
        <translation>
            <numerusform>%n 个回答</numerusform>
        </translation>
    </message>
    <message>
        <source>no round yet</source>
        <translation>尚未训练</translation>
    </message>
    <message>
        <source>round %1</source>
        <translation>第 %1 轮</translation>
    </message>
    <message>
        <source>Forget this entry (the project stays)</source>
        <translation>从列表中移除（项目保留）</translation>
    </message>
    <message>
        <source>Forget %1</source>
        <translation>移除 %1</translation>
    </message>
    <message>
        <source>Open a project: choose its folder NAME.stet</source>
        <translation>打开项目：选择其文件夹 NAME.stet</translation>
    </message>
    <message>
        <source>a model and your data</source>
        <translation>模型和您的数据</translation>
    </message>
    <message>
        <source>Open the example with a real model</source>
        <translation>打开真实模型的示例</translation>
    </message>
    <message>
        <source>SmolLM2, 135 million parameters; 93 MB are fetched once</source>
        <translation>SmolLM2，1.35 亿参数；需下载一次，93 MB</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>stet::ui::StatusLine</name>
    <message>
        <source>worker off</source>
        <translation>工作进程未运行</translation>
    </message>
    <message>
        <source>worker starting …</source>
        <translation>工作进程启动中…</translation>
    </message>
    <message>
        <source>worker ready</source>
        <translation>工作进程就绪</translation>
    </message>
    <message>
        <source>worker restarting …</source>
        <translation>工作进程重启中…</translation>
    </message>
    <message>
        <source>worker lost</source>
        <translation>工作进程中断</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>%1 (base model)</source>
        <translation>%1（基础模型）</translation>
    </message>
    <message>
        <source>%1 + round %2</source>
        <translation>%1 + 第 %2 轮</translation>
    </message>
    <message>
        <source>Restart it</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>Restart the worker</source>
        <translation>重新启动工作进程</translation>
    </message>
</context>
<context>
    <name>stet::ui::TakeAlongPanel</name>
    <message>
        <source>Hugging Face folder, merged</source>
        <translation>Hugging Face 文件夹（已合并）</translation>
    </message>
    <message>
        <source>Adapter alone, PEFT folder</source>
        <translation>仅适配器，PEFT 文件夹</translation>
    </message>
    <message>
        <source>Adapter alone, GGUF</source>
        <translation>仅适配器，GGUF</translation>
    </message>
    <message>
        <source>GGUF, 8 bits a weight</source>
        <translation>GGUF，每个权重 8 位</translation>
    </message>
    <message>
        <source>GGUF, %1</source>
        <translation>GGUF，%1</translation>
    </message>
    <message>
        <source>Use this model: %1</source>
        <translation>使用这个模型：%1</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>For</source>
        <translation>用于</translation>
    </message>
    <message>
        <source>For which program</source>
        <translation>用于哪个程序</translation>
    </message>
    <message>
        <source>As</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>In which form</source>
        <translation>以哪种形式</translation>
    </message>
    <message>
        <source>Save …</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Saving the model</source>
        <translation>正在保存模型</translation>
    </message>
    <message>
        <source>The line for a terminal</source>
        <translation>终端命令</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the line</source>
        <translation>复制命令</translation>
    </message>
    <message>
        <source>Another program</source>
        <translation>其他程序</translation>
    </message>
    <message>
        <source>It reads the base model&apos;s own folder.</source>
        <translation>它直接读取基础模型自己的文件夹。</translation>
    </message>
    <message>
        <source>Save as the folder</source>
        <translation>另存为文件夹</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>另存为</translation>
    </message>
    <message>
        <source>Saving … the project stays as it is, and you can go on working.</source>
        <translation>正在保存…项目保持不变，您可以继续工作。</translation>
    </message>
    <message>
        <source>The line is as the program&apos;s documentation has it; with this version of Stet it was not tried.</source>
        <translation>命令按该程序的文档写成；本版本的 Stet 没有试过。</translation>
    </message>
    <message>
        <source>Such files were tried with %1.</source>
        <translation>这种文件已用 %1 试过。</translation>
    </message>
</context>
<context>
    <name>stet::ui::TalkPanel</name>
    <message>
        <source>Talk to it: %1</source>
        <translation>和它对话：%1</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Ask something; the base model and the round answer.</source>
        <translation>问点什么；基础模型和这一轮都会回答。</translation>
    </message>
    <message>
        <source>Instruction</source>
        <translation>指令</translation>
    </message>
    <message>
        <source>Ask  Ctrl+Enter</source>
        <translation>提问  Ctrl+Enter</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Response, %1</source>
        <translation>回答，%1</translation>
    </message>
    <message>
        <source>In the queue</source>
        <translation>已在队列中</translation>
    </message>
    <message>
        <source>(%1) Into the queue</source>
        <translation>(%1) 放入队列</translation>
    </message>
    <message>
        <source>Nothing of this is stored but what you put into the queue.</source>
        <translation>除了您放入队列的内容，这里什么都不会保存。</translation>
    </message>
    <message>
        <source>The models write …</source>
        <translation>模型正在写…</translation>
    </message>
    <message>
        <source>1 or 2 puts a response into the queue, to be judged; Enter asks again.</source>
        <translation>按 1 或 2 把回答放入队列等待评判；按回车再次提问。</translation>
    </message>
</context>
<context>
    <name>stet::ui::TokenCard</name>
    <message>
        <source>without</source>
        <translation>无评语</translation>
    </message>
    <message>
        <source>with</source>
        <translation>有评语</translation>
    </message>
    <message>
        <source>praised</source>
        <translation>表扬</translation>
    </message>
    <message>
        <source>ratio</source>
        <translation>比值</translation>
    </message>
    <message>
        <source>Without your judgment the model would write</source>
        <translation>没有您的评语时，模型会写</translation>
    </message>
    <message>
        <source>With your judgment</source>
        <translation>得知您的评语后</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Point at a word, or press Tab, to see what the model thinks of it.</source>
        <translation>把指针移到词上，或按 Tab，查看模型对它的看法。</translation>
    </message>
    <message>
        <source>rank %1</source>
        <translation>第 %1 位</translation>
    </message>
    <message>
        <source>End of the response</source>
        <translation>回答结尾</translation>
    </message>
    <message>
        <source>There is no number for this token.</source>
        <translation>这个词元没有数值。</translation>
    </message>
    <message>
        <source>Your judgment doesn&apos;t change how likely the model finds this word.</source>
        <translation>您的评语没有改变模型对这个词的看法。</translation>
    </message>
    <message>
        <source>The model gives this word %1 times more weight once it knows your judgment.</source>
        <translation>得知您的评语后，模型给这个词的权重是原来的 %1 倍。</translation>
    </message>
    <message>
        <source>The model gives this word %1 times less weight once it knows your judgment.</source>
        <translation>得知您的评语后，模型给这个词的权重降为原来的 %1 分之一。</translation>
    </message>
    <message>
        <source>flagged</source>
        <translation>标记为不当</translation>
    </message>
    <message>
        <source>flagged by you</source>
        <translation>人工标记为不当</translation>
    </message>
    <message>
        <source>cleared by you</source>
        <translation>人工取消标记</translation>
    </message>
    <message>
        <source>can&apos;t be flagged at this λ: it is too likely anyway</source>
        <translation>在此 λ 下无法标记：它本来就很可能出现</translation>
    </message>
    <message>
        <source>both probabilities are tiny: the ratio says little</source>
        <translation>两个概率都极小：比值意义不大</translation>
    </message>
    <message>
        <source>%1  (%2 bit)</source>
        <translation>%1（%2 比特）</translation>
    </message>
</context>
</TS>
